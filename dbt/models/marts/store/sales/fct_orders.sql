{{
    config(
        materialized="table",
        indexes=[
            {"columns": ["store_id", "day"]},
            {"columns": ["store_id", "customer_key"]},
        ],
        post_hook="analyze {{ this }}",
    )
}}

with orders as (
    select * from {{ ref('int_store_orders') }}
),

customers as (
    select * from {{ ref('int_store_customers') }}
),

refunds as (
    select * from {{ ref('int_store_refunds') }}
),

refunds_summary as (
    select
        refunds.store_id,
        refunds.order_id,
        count(*) as refunds,
        sum(refunds.net) as refunded_net
    from refunds
    group by refunds.store_id, refunds.order_id
),

final as (
    select
        orders.store_id,
        orders.order_id,
        customers.customer_key,
        orders.status,
        orders.is_counted,
        orders.is_part,
        orders.counted_local::date as day,
        {{ month_of('orders.counted_local::date') }} as month,
        orders.created_local::date as created_day,
        orders.paid_local::date as paid_day,
        orders.created_at,
        orders.paid_at,
        orders.completed_at,
        orders.currency,
        orders.is_shop_currency,
        orders.total,
        orders.tax,
        orders.shipping,
        orders.net,
        orders.discount,
        orders.items,
        coalesce(refunds_summary.refunds, 0)::integer as refunds,
        coalesce(refunds_summary.refunded_net, 0) as refunded_net,
        -- the customer's first counted order
        orders.is_counted and row_number() over (
            partition by
                orders.store_id, customers.customer_key, orders.is_counted
            order by orders.counted_local, orders.order_id
        ) = 1 as is_new_customer,
        orders.created_via,
        orders.payment_method
    from orders
    inner join customers
        on
            orders.store_id = customers.store_id
            and orders.order_id = customers.order_id
    left join refunds_summary
        on
            orders.store_id = refunds_summary.store_id
            and orders.order_id = refunds_summary.order_id
)

select * from final
