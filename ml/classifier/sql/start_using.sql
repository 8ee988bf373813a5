update ml.models
set in_use = true
where models.model_version = %(version)s
