insert into app.survey_items (
    store_id, wave, item, dimension, text_id, text_en, position
)
values %s
on conflict (store_id, wave, item) do nothing
