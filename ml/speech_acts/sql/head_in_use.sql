-- The version of the encoder in use, if it has a head of this recipe.
select speech_act_heads.encoder_version
from ml.speech_act_heads
where
    speech_act_heads.recipe = %(recipe)s
    and speech_act_heads.encoder_version in (
        select encoders.encoder_version
        from ml.encoders
        where encoders.in_use
    )
