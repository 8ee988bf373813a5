-- What is said of a dashboard's figures: one text a day and language, replaced
-- while the day's figures still change. `figures` holds what the text may name;
-- `worded_by` is `template` or the language model's name, then with the version
-- of what it was asked; `model_asked_at` is when one was asked last, believed
-- or not.
create table ml.insights (
    store_id text not null,
    dashboard text not null,
    language text not null check (language in ('en', 'id')),
    first_day date not null,
    last_day date not null check (last_day >= first_day),
    text text not null check (text <> ''),
    figures jsonb not null,
    worded_by text not null,
    prompt_version text
    check ((worded_by = 'template') = (prompt_version is null)),
    model_asked_at timestamptz,
    written_at timestamptz not null default now(),
    primary key (store_id, dashboard, language, last_day)
);

grant select, insert, update on ml.insights to scorer;
grant select on ml.insights to dbt;

-- What the language model was asked, and the day's budget of tokens.
grant usage on schema app to scorer;
grant select, insert on app.language_model_calls to scorer;
