delete from app.kpi_targets
where
    kpi_targets.store = %(store_id)s
    and kpi_targets.metric = any(%(metrics)s)
