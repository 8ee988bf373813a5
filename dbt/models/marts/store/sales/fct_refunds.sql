{{
    config(
        materialized="table",
        indexes=[{"columns": ["store_id", "day"]}],
        post_hook="analyze {{ this }}",
    )
}}

with refunds as (
    select * from {{ ref('int_store_refunds') }}
),

customers as (
    select * from {{ ref('int_store_customers') }}
),

final as (
    select
        refunds.store_id,
        refunds.refund_id,
        refunds.order_id,
        customers.customer_key,
        refunds.created_at,
        refunds.created_local::date as day,
        {{ month_of('refunds.created_local::date') }} as month,
        refunds.is_counted,
        refunds.is_last,
        refunds.is_marked_full,
        refunds.currency,
        refunds.is_shop_currency,
        refunds.amount,
        refunds.net,
        refunds.analytics_net
    from refunds
    inner join customers
        on
            refunds.store_id = customers.store_id
            and refunds.order_id = customers.order_id
)

select * from final
