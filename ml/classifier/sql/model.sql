select
    models.base_model,
    models.onnx,
    models.tokenizer,
    models.configuration,
    models.metrics
from ml.models
where models.model_version = %(version)s
