insert into ml.insights (
    store_id,
    dashboard,
    language,
    first_day,
    last_day,
    text,
    figures,
    worded_by,
    prompt_version,
    model_asked_at
)
values (
    %(store_id)s,
    %(dashboard)s,
    %(language)s,
    %(first_day)s,
    %(last_day)s,
    %(text)s,
    %(figures)s,
    %(worded_by)s,
    %(prompt_version)s,
    %(model_asked_at)s
)
on conflict (store_id, dashboard, language, last_day) do update
set
    first_day = excluded.first_day,
    text = excluded.text,
    figures = excluded.figures,
    worded_by = excluded.worded_by,
    prompt_version = excluded.prompt_version,
    model_asked_at = excluded.model_asked_at,
    written_at = now()
