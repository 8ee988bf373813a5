insert into ml.forecast_evaluations as forecast_evaluations (
    store_id,
    metric,
    last_week,
    weeks,
    origins,
    method,
    error,
    naive_error,
    coverage_80,
    coverage_95,
    reason
)
values (
    %(store_id)s,
    %(metric)s,
    %(last_week)s,
    %(weeks)s,
    %(origins)s,
    %(method)s,
    %(error)s,
    %(naive_error)s,
    %(coverage_80)s,
    %(coverage_95)s,
    %(reason)s
)
on conflict (store_id, metric) do update set
    last_week = excluded.last_week,
    weeks = excluded.weeks,
    origins = excluded.origins,
    method = excluded.method,
    error = excluded.error,
    naive_error = excluded.naive_error,
    coverage_80 = excluded.coverage_80,
    coverage_95 = excluded.coverage_95,
    reason = excluded.reason,
    evaluated_at = now()
