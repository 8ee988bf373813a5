insert into ml.speech_act_heads (
    encoder_version, recipe, acts, weights, bias
)
values (
    %(version)s, %(recipe)s, %(acts)s, %(weights)s::real[], %(bias)s::real[]
)
on conflict (encoder_version) do update
set
    recipe = excluded.recipe,
    acts = excluded.acts,
    weights = excluded.weights,
    bias = excluded.bias,
    made_at = now()
