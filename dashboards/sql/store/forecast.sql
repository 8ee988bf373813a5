-- Whole weeks by their Monday; the week of the newest event is not over.
with bounds as (
    select
        date_trunc(
            'week',
            max(kpi_daily.data_as_of) at time zone max(dim_stores.timezone)
        )::date as current_week,
        date_trunc('week', min(kpi_daily.day) + 6)::date as first_week
    from marts.kpi_daily
    inner join marts.dim_stores on kpi_daily.store_id = dim_stores.store_id
    where
        kpi_daily.store_id = %(store)s
        and kpi_daily.metric = 'net_sales'
        and kpi_daily.dimension = 'all'
),

past as (
    select
        weeks.monday::date as day,
        'past' as series,
        coalesce(sum(kpi_daily.value), 0) as value
    from bounds
    cross join lateral generate_series(
        greatest(bounds.first_week, bounds.current_week - 26 * 7)::timestamp,
        bounds.current_week::timestamp - interval '7 days',
        interval '7 days'
    ) as weeks (monday)
    left join marts.kpi_daily
        on
            kpi_daily.day >= weeks.monday::date
            and kpi_daily.day < weeks.monday::date + 7
            and kpi_daily.store_id = %(store)s
            and kpi_daily.metric = 'net_sales'
            and kpi_daily.dimension = 'all'
    group by weeks.monday
),

coming as (
    select
        forecasts.week as day,
        bounds.series,
        bounds.value
    from marts.forecasts
    cross join lateral (
        values
        ('forecast', forecasts.value),
        ('lower_80', forecasts.lower_80),
        ('upper_80', forecasts.upper_80),
        ('lower_95', forecasts.lower_95),
        ('upper_95', forecasts.upper_95)
    ) as bounds (series, value)
    where
        forecasts.store_id = %(store)s
        and forecasts.metric = 'net_sales'
)

select
    shown.day,
    shown.series,
    shown.value,
    true as is_final
from (
    select * from past
    union all
    select * from coming
) as shown
order by shown.day, shown.series
