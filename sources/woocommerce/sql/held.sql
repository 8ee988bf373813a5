-- What we hold of a kind and the shop was not seen to have lost.
select
    held.id,
    held.parent_id,
    held.status
from raw.woocommerce_objects as held
where
    held.store_id = %(store_id)s
    and held.resource = %(resource)s
    and held.deleted_at is null
