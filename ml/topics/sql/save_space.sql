insert into ml.topic_spaces (encoder_version, recipe, projection)
values (%(encoder_version)s, %(recipe)s, %(projection)s)
on conflict (encoder_version) do update set
    recipe = excluded.recipe,
    projection = excluded.projection,
    made_at = now()
