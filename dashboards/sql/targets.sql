select
    kpi_targets.metric,
    kpi_targets.target
from marts.kpi_targets
where kpi_targets.store_id = %(store)s
