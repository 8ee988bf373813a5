select
    sum(kpi_daily.numerator) as numerator,
    nullif(sum(kpi_daily.denominator), 0) as denominator,
    100 * sum(kpi_daily.numerator)
    / nullif(sum(kpi_daily.denominator), 0) as value,
    bool_and(kpi_daily.is_final) as is_final
from marts.kpi_daily
where
    kpi_daily.store_id = %(store)s
    and kpi_daily.day between %(from_day)s and %(to_day)s
    and kpi_daily.metric = 'sentiment_positive_share'
    and kpi_daily.dimension = 'all'
