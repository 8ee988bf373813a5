insert into ml.sentiment_models (
    model_version,
    kind,
    method,
    content,
    encoder_version,
    recipe,
    metrics,
    reason,
    in_use
)
values (
    %(version)s,
    %(kind)s,
    %(method)s,
    %(content)s,
    %(encoder_version)s,
    %(recipe)s,
    %(metrics)s,
    %(reason)s,
    true
)
on conflict (model_version) do update set
    recipe = excluded.recipe,
    metrics = excluded.metrics,
    reason = excluded.reason,
    made_at = now(),
    in_use = true
