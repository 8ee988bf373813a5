select
    sum(kpi_daily.numerator) as numerator,
    sum(kpi_daily.denominator) as denominator,
    100 * sum(kpi_daily.numerator) / sum(kpi_daily.denominator) as value,
    bool_and(kpi_daily.is_final) as is_final
from marts.kpi_daily
where
    kpi_daily.store_id = %(store)s
    and kpi_daily.day between %(from_day)s and %(to_day)s
    and kpi_daily.metric = 'reopen_rate'
    and kpi_daily.dimension
    = case %(channel)s when 'all' then 'all' else 'channel' end
    and kpi_daily.dimension_value = %(channel)s
