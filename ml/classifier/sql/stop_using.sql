update ml.models
set in_use = false
where models.in_use
