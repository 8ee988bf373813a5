{{ config(materialized="table") }}

with analytics_orders as (
    select * from {{ ref('woocommerce_analytics_orders') }}
),

final as (
    select
        analytics_orders.store_id,
        analytics_orders.day,
        analytics_orders.date_type,
        {{ analytics_figures('analytics_orders') }}
    from analytics_orders
    group by
        analytics_orders.store_id,
        analytics_orders.day,
        analytics_orders.date_type
)

select * from final
