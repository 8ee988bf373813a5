select
    kpi_targets.metric,
    kpi_targets.target::float8 as target
from app.kpi_targets
where kpi_targets.store = %(store_id)s
order by kpi_targets.metric
