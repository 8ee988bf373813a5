insert into app.survey_waves (
    store_id, wave, title_id, title_en, state, closed_at
)
values (
    %(store_id)s, %(wave)s, %(wave)s, %(wave)s, 'closed', now()
)
on conflict (store_id, wave) do nothing
