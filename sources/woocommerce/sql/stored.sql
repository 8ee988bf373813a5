-- Stored objects of a kind that are not deleted.
select
    stored.id,
    stored.parent_id,
    stored.status
from raw.woocommerce_objects as stored
where
    stored.store_id = %(store_id)s
    and stored.resource = %(resource)s
    and stored.deleted_at is null
