-- A month is the sum of its days for KPIs that count no distinct customers.
with daily as (
    select
        kpi_daily.store_id,
        {{ month_of('kpi_daily.day') }} as month,
        kpi_daily.metric,
        kpi_daily.dimension,
        kpi_daily.dimension_value,
        sum(kpi_daily.numerator) as numerator,
        sum(kpi_daily.denominator) as denominator
    from {{ ref('kpi_daily') }} as kpi_daily
    where
        kpi_daily.metric in (
            'net_sales', 'orders', 'average_order_value', 'new_customers'
        )
    group by 1, 2, 3, 4, 5
),

monthly as (
    select
        kpi_monthly.store_id,
        kpi_monthly.month,
        kpi_monthly.metric,
        kpi_monthly.dimension,
        kpi_monthly.dimension_value,
        kpi_monthly.numerator,
        kpi_monthly.denominator
    from {{ ref('kpi_monthly') }} as kpi_monthly
    where
        kpi_monthly.metric in (
            'net_sales', 'orders', 'average_order_value', 'new_customers'
        )
),

only_in_days as (
    select * from daily
    except
    select * from monthly
),

only_in_months as (
    select * from monthly
    except
    select * from daily
)

select * from only_in_days
union all
select * from only_in_months
