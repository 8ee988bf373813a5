-- A verdict is the latest one, whatever the day: every row of a KPI has it.
select distinct
    kpi_daily.metric,
    kpi_daily.quality
from marts.kpi_daily
where
    kpi_daily.store_id = %(store)s
    and kpi_daily.day between %(from_day)s and %(to_day)s
    and kpi_daily.dimension = 'all'
