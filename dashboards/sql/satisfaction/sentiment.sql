select
    kpi_daily.day,
    kpi_daily.dimension_value as series,
    kpi_daily.value,
    kpi_daily.is_final
from marts.kpi_daily
where
    kpi_daily.store_id = %(store)s
    and kpi_daily.day between %(from_day)s and %(to_day)s
    and kpi_daily.metric = 'sentiment_positive_share'
    and kpi_daily.dimension = 'source'
    and kpi_daily.value is not null
order by kpi_daily.day, kpi_daily.dimension_value
