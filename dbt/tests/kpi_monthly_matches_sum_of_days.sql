-- Numerators and denominators of a month are the sums of those of its days. Of
-- medians and percentiles only the number of values is.
with daily as (
    select * from {{ ref('kpi_daily') }}
),

monthly as (
    select * from {{ ref('kpi_monthly') }}
),

days_summary as (
    select
        daily.store_id,
        {{ month_of('daily.day') }} as month,
        daily.metric,
        daily.dimension,
        daily.dimension_value,
        sum(daily.numerator) as numerator,
        sum(daily.denominator) as denominator
    from daily
    where not {{ is_store_metric() }}
    group by 1, 2, 3, 4, 5
),

months_summary as (
    select
        monthly.store_id,
        monthly.month,
        monthly.metric,
        monthly.dimension,
        monthly.dimension_value,
        monthly.numerator,
        monthly.denominator
    from monthly
    where
        not {{ is_store_metric() }}
        -- costs are of whole months
        and monthly.metric not in (
            'bot_saving', 'bot_saving_rate', 'payback_months'
        )
),

only_in_days as (
    select * from days_summary
    except
    select * from months_summary
),

only_in_months as (
    select * from months_summary
    except
    select * from days_summary
)

select * from only_in_days
union all
select * from only_in_months
