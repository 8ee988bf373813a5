-- The last full month, and the last seven days that are over, of each metric
-- over all.
select
    kpi_monthly.metric,
    kpi_monthly.month as period,
    kpi_monthly.value,
    kpi_monthly.unit,
    kpi_monthly.quality,
    true as is_month
from marts.kpi_monthly
where
    kpi_monthly.store_id = %(store)s
    and kpi_monthly.dimension = 'all'
    and kpi_monthly.month
    = date_trunc('month', %(today)s::date)::date - interval '1 month'
union all
select
    kpi_daily.metric,
    kpi_daily.day as period,
    kpi_daily.value,
    kpi_daily.unit,
    kpi_daily.quality,
    false as is_month
from marts.kpi_daily
where
    kpi_daily.store_id = %(store)s
    and kpi_daily.dimension = 'all'
    and kpi_daily.day between %(today)s::date - 7 and %(today)s::date - 1
