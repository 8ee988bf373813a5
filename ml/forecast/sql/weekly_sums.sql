-- The sums of whole weeks, from Monday, in the shop's time zone. A day without a
-- row has none; the week of the newest event is not over.
with totals as (
    select *
    from marts.kpi_daily
    where
        metric = any(%(metrics)s)
        and dimension = 'all'
),

days as (
    select
        totals.store_id,
        totals.metric,
        totals.day,
        totals.value,
        date_trunc(
            'week', totals.data_as_of at time zone dim_stores.timezone
        )::date as current_week
    from totals
    inner join marts.dim_stores on totals.store_id = dim_stores.store_id
),

series as (
    select
        days.store_id,
        days.metric,
        -- the first Monday
        date_trunc('week', min(days.day) + 6)::date as first_week,
        max(days.current_week) as current_week
    from days
    group by days.store_id, days.metric
)

select
    series.store_id,
    series.metric,
    weeks.monday::date as week,
    coalesce(sum(days.value), 0)::float8 as total
from series
cross join lateral generate_series(
    series.first_week::timestamp,
    series.current_week::timestamp - interval '7 days',
    interval '7 days'
) as weeks (monday)
left join days
    on
        series.store_id = days.store_id
        and series.metric = days.metric
        and days.day >= weeks.monday::date
        and days.day < weeks.monday::date + 7
group by series.store_id, series.metric, weeks.monday
order by series.store_id, series.metric, weeks.monday
