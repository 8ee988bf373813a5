select
    kpi_anomalies.day,
    kpi_anomalies.metric,
    kpi_anomalies.value,
    kpi_anomalies.expected,
    kpi_anomalies.lower,
    kpi_anomalies.upper
from marts.kpi_anomalies
where
    kpi_anomalies.store_id = %(store)s
    and kpi_anomalies.day between %(from_day)s and %(to_day)s
    and kpi_anomalies.dimension
    = case %(channel)s when 'all' then 'all' else 'channel' end
    and kpi_anomalies.dimension_value = %(channel)s
order by kpi_anomalies.day, kpi_anomalies.metric
