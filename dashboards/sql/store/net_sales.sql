select
    sum(kpi_daily.numerator) as numerator,
    null::numeric as denominator,
    sum(kpi_daily.value) as value,
    bool_and(kpi_daily.is_final) as is_final
from marts.kpi_daily
where
    kpi_daily.store_id = %(store)s
    and kpi_daily.day between %(from_day)s and %(to_day)s
    and kpi_daily.metric = 'net_sales'
    and kpi_daily.dimension = 'all'
