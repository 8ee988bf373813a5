select
    encoders.onnx,
    encoders.tokenizer,
    encoders.configuration
from ml.encoders
where encoders.encoder_version = %(version)s
