select models.model_version
from ml.models
where models.in_use
