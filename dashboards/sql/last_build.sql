select freshness.newest_at
from marts.freshness
where
    freshness.kind = 'mart'
    and freshness.name = 'kpi_daily'
