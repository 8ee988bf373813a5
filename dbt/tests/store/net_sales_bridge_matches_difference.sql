-- On every day Analytics' net sales minus ours is the sum of the reasons.
with analytics as (
    select
        daily.store_id,
        daily.day,
        daily.net_revenue as amount
    from {{ ref('woocommerce_analytics_daily') }} as daily
    inner join {{ ref('dim_stores') }} as stores
        on
            daily.store_id = stores.store_id
            and daily.date_type = stores.date_type
),

ours as (
    select
        kpi_daily.store_id,
        kpi_daily.day,
        -kpi_daily.value as amount
    from {{ ref('kpi_daily') }} as kpi_daily
    where
        kpi_daily.metric = 'net_sales'
        and kpi_daily.dimension = 'all'
),

reasons as (
    select
        bridge.store_id,
        bridge.day,
        -bridge.amount as amount
    from {{ ref('net_sales_bridge') }} as bridge
),

amounts as (
    select * from analytics
    union all
    select * from ours
    union all
    select * from reasons
)

select
    amounts.store_id,
    amounts.day,
    sum(amounts.amount) as left_over
from amounts
group by amounts.store_id, amounts.day
having sum(amounts.amount) <> 0
