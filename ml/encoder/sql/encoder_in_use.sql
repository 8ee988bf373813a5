select encoders.encoder_version
from ml.encoders
where encoders.in_use
