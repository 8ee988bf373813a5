insert into ml.satisfaction_models (
    model_version,
    name,
    content,
    metrics,
    reason,
    in_use
)
values (
    %(version)s,
    %(name)s,
    %(content)s,
    %(metrics)s,
    %(reason)s,
    true
)
on conflict (model_version) do update set
    content = excluded.content,
    metrics = excluded.metrics,
    reason = excluded.reason,
    trained_at = now(),
    in_use = true
