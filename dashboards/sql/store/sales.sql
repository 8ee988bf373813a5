select
    kpi_daily.day,
    kpi_daily.metric as series,
    kpi_daily.value,
    kpi_daily.is_final
from marts.kpi_daily
where
    kpi_daily.store_id = %(store)s
    and kpi_daily.day between %(from_day)s and %(to_day)s
    and kpi_daily.metric = 'net_sales'
    and kpi_daily.dimension = 'all'
order by kpi_daily.day
