-- Orders of a month that the report of paid orders does not show, and whose
-- rows in WooCommerce Analytics may be out of date.
select
    orders.id,
    orders.deleted_at is not null as is_deleted,
    orders.status = 'trash' as is_trashed,
    coalesce(nullif(orders.body ->> 'total', '')::numeric, 0)
    - coalesce(nullif(orders.body ->> 'total_tax', '')::numeric, 0)
    - coalesce(nullif(orders.body ->> 'shipping_total', '')::numeric, 0)
        as net,
    coalesce(nullif(orders.body ->> 'total', '')::numeric, 0) as total,
    orders.status = any(%(excluded)s) as is_excluded
from raw.woocommerce_orders as orders
where
    orders.store_id = %(store_id)s
    and left(orders.body ->> 'date_created', 7) = %(month)s
    and left(orders.body ->> %(date_type)s::text, 10) is null
    and (
        orders.deleted_at is not null
        or orders.status = 'trash'
        or orders.modified_at >= %(since)s::timestamptz
    )
order by orders.id
limit 11
