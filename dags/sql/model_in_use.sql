select models.trained_at
from ml.models as models
where models.in_use
