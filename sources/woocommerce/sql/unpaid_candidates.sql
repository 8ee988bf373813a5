-- Orders of a month that the report of paid orders does not show, and whose
-- rows in WooCommerce Analytics may be out of date: whether Analytics may still
-- count an order that no longer counts, or not count one that does.
select
    case
        when
            orders.deleted_at is not null
            or orders.status = 'trash'
            or orders.status = any(%(excluded)s)
            then 1
        else -1
    end as orders_more,
    coalesce(nullif(orders.body ->> 'total', '')::numeric, 0)
    - coalesce(nullif(orders.body ->> 'total_tax', '')::numeric, 0)
    - coalesce(nullif(orders.body ->> 'shipping_total', '')::numeric, 0)
        as net
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
limit %(most)s
