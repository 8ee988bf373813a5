-- The unusual days of the KPIs that a dashboard shows, the most unusual first.
select
    kpi_anomalies.day,
    kpi_anomalies.metric,
    kpi_anomalies.value,
    kpi_anomalies.expected
from marts.kpi_anomalies
where
    kpi_anomalies.store_id = %(store)s
    and kpi_anomalies.day between %(from_day)s and %(to_day)s
    and kpi_anomalies.dimension = 'all'
    and kpi_anomalies.metric = any(%(metrics)s)
order by
    abs(kpi_anomalies.score) desc,
    kpi_anomalies.day asc,
    kpi_anomalies.metric asc
