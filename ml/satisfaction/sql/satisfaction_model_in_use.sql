select
    satisfaction_models.name,
    satisfaction_models.content,
    satisfaction_models.trained_at
from ml.satisfaction_models
where satisfaction_models.in_use
