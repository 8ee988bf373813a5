insert into ml.encoders (
    encoder_version, onnx, tokenizer, configuration, in_use
)
values (
    %(version)s, %(onnx)s, %(tokenizer)s, %(configuration)s, true
)
on conflict (encoder_version) do update set in_use = true
