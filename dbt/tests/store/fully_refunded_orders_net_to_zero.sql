-- An order whose last refund left nothing to refund has no net left, unless
-- more was refunded even after that.
with orders as (
    select * from {{ ref('fct_orders') }}
),

refunds as (
    select * from {{ ref('fct_refunds') }}
),

last_rows as (
    select distinct on (refunds.store_id, refunds.order_id)
        refunds.store_id,
        refunds.order_id,
        refunds.is_last
    from refunds
    order by
        refunds.store_id asc,
        refunds.order_id asc,
        refunds.created_at desc,
        refunds.refund_id desc
)

select
    orders.store_id,
    orders.order_id,
    orders.net,
    orders.refunded_net
from orders
inner join last_rows
    on
        orders.store_id = last_rows.store_id
        and orders.order_id = last_rows.order_id
where
    last_rows.is_last
    and orders.net + orders.refunded_net <> 0
