select
    freshness.age_seconds as value,
    null as numerator,
    null as denominator,
    true as is_final
from marts.freshness
where freshness.kind = 'mart' and freshness.name = 'kpi_daily'
