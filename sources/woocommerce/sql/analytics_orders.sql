-- Single orders as Analytics would report them: net total and day.
select
    orders.id,
    left(orders.body ->> %(date_type)s::text, 10) as day,
    coalesce(nullif(orders.body ->> 'total', '')::numeric, 0)
    - coalesce(nullif(orders.body ->> 'total_tax', '')::numeric, 0)
    - coalesce(nullif(orders.body ->> 'shipping_total', '')::numeric, 0)
        as net_total
from raw.woocommerce_orders as orders
where
    orders.store_id = %(store_id)s
    and orders.deleted_at is null
    and orders.status <> all(%(excluded)s)
    and left(orders.body ->> %(date_type)s::text, 10) = any(%(days)s)
