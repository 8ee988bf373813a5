insert into ml.models (
    model_version, base_model, onnx, tokenizer, configuration, metrics
)
values (
    %(version)s,
    %(base_model)s,
    %(onnx)s,
    %(tokenizer)s,
    %(configuration)s,
    %(metrics)s
)
on conflict (model_version) do nothing
