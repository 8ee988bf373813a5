update ml.sentiment_models
set in_use = false
where
    sentiment_models.in_use
    and sentiment_models.kind = %(kind)s
