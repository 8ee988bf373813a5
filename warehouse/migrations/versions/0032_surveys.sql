-- A survey is asked in waves. `draft`: not yet answered; `open`: answers are
-- collected; `closed`: none are taken any more.
create table app.survey_waves (
    store_id text not null,
    wave text not null check (wave = btrim(wave) and length(wave) between 1 and 80),
    title_id text not null,
    title_en text not null,
    state text not null default 'draft'
    check (state in ('draft', 'open', 'closed')),
    opened_at timestamptz,
    closed_at timestamptz,
    created_at timestamptz not null default now(),
    created_by bigint references app.users,
    primary key (store_id, wave)
);

-- What is asked about, once for performance and once for expectation. `item` is
-- its short name, such as EFF1.
create table app.survey_items (
    store_id text not null,
    wave text not null,
    item text not null check (item = btrim(item) and length(item) between 1 and 80),
    position integer not null,
    dimension text not null check (length(dimension) between 1 and 80),
    text_id text not null,
    text_en text not null,
    primary key (store_id, wave, item),
    foreign key (store_id, wave) references app.survey_waves on delete cascade
);

-- Who answered. `respondent` is the file's name for the person, or a random one;
-- `customer_key` is known of those who were asked on WhatsApp.
create table raw.survey_respondents (
    store_id text not null,
    wave text not null,
    respondent text not null check (length(respondent) between 1 and 200),
    source text not null check (source in ('file', 'link', 'whatsapp')),
    customer_key text,
    gender text,
    age_band text,
    job text,
    customer_since text,
    language text,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    changed_at timestamptz not null default now(),
    primary key (store_id, wave, respondent)
);

-- One person's answers about one item, from 1 to 5; null: not answered.
create table raw.survey_answers (
    store_id text not null,
    wave text not null,
    respondent text not null,
    item text not null,
    dimension text not null,
    performance smallint check (performance between 1 and 5),
    expectation smallint check (expectation between 1 and 5),
    answered_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    primary key (store_id, wave, respondent, item),
    foreign key (store_id, wave, respondent) references raw.survey_respondents on delete cascade
);
create index on raw.survey_answers using brin (changed_at);

grant select, insert, update on
app.survey_waves, app.survey_items, raw.survey_respondents, raw.survey_answers
to loader;
grant select on raw.survey_respondents, raw.survey_answers to dbt, validator;
grant select on app.survey_waves, app.survey_items to dbt;

-- Lines of imported files that were set aside, as the last import of each file
-- left them. The lines themselves are in the file.
create table raw.survey_rejections (
    store_id text not null,
    wave text not null,
    file text not null,
    line integer not null,
    kind text not null check (kind in (
        'out_of_scale', 'duplicate', 'no_name', 'no_answer', 'other_dimension', 'unreadable'
    )),
    reason text not null,
    rejected_at timestamptz not null default now(),
    primary key (store_id, wave, file, line)
);

grant select, insert, update, delete on raw.survey_rejections to loader;
grant select on raw.survey_rejections to dbt, validator;
