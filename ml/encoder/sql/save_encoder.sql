insert into ml.encoders (
    encoder_version, onnx, tokenizer, configuration
)
values (
    %(version)s, %(onnx)s, %(tokenizer)s, %(configuration)s
)
on conflict (encoder_version) do nothing
