select
    sentiment_models.model_version,
    sentiment_models.method,
    sentiment_models.content,
    sentiment_models.encoder_version,
    sentiment_models.recipe,
    sentiment_models.metrics,
    sentiment_models.reason
from ml.sentiment_models
where
    sentiment_models.in_use
    and sentiment_models.kind = %(kind)s
