-- Orders that name refunds which are not stored, or do not name one that is; if
-- asked for, all orders that name some.
with named as (
    select
        orders.id as order_id,
        refunds.entry ->> 'id' as refund_id
    from raw.woocommerce_orders as orders
    cross join lateral jsonb_array_elements(
        case jsonb_typeof(orders.body -> 'refunds')
            when 'array' then orders.body -> 'refunds'
            else '[]'
        end
    ) as refunds (entry)
    where
        orders.store_id = %(store_id)s
        and orders.deleted_at is null
),

stored as (
    select
        refunds.order_id,
        refunds.id::text as refund_id
    from raw.woocommerce_refunds as refunds
    where
        refunds.store_id = %(store_id)s
        and refunds.deleted_at is null
)

select distinct coalesce(named.order_id, stored.order_id) as order_id
from named
full join stored
    on
        named.order_id = stored.order_id
        and named.refund_id = stored.refund_id
where %(full)s or named.order_id is null or stored.order_id is null
order by order_id
