select speech_act_heads.encoder_version
from ml.speech_act_heads
inner join ml.encoders using (encoder_version)
where
    encoders.in_use
    and speech_act_heads.recipe = %(recipe)s
