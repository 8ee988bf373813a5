select
    count(*) as number,
    min(orders.created_at) as first,
    max(orders.created_at) as last
from raw.woocommerce_orders as orders
where
    orders.store_id = %(store_id)s
    and orders.deleted_at is null
    and orders.status <> all(%(unlisted)s)
