select topic_spaces.projection
from ml.topic_spaces
where
    topic_spaces.encoder_version = %(encoder_version)s
    and topic_spaces.recipe = %(recipe)s
