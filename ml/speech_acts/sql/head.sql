select
    speech_act_heads.acts,
    speech_act_heads.weights,
    speech_act_heads.bias
from ml.speech_act_heads
where
    speech_act_heads.encoder_version = %(version)s
    and speech_act_heads.recipe = %(recipe)s
