update ml.satisfaction_models
set
    in_use = false,
    content = '{}'
where satisfaction_models.in_use
