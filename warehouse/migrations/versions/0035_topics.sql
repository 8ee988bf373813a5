-- The projection of an encoder's vectors in which messages about one thing are
-- near each other; 384 rows of 60 numbers, float32. One with another recipe than
-- the code's is made anew.
create table ml.topic_spaces (
    encoder_version text primary key references ml.encoders on delete cascade,
    recipe text not null,
    projection bytea not null,
    made_at timestamptz not null default now()
);

-- What a shop's latest discovery looked at. `means` is what messages have in
-- common, in Indonesian, in English and in all: three rows of 60 numbers.
create table ml.topic_runs (
    store_id text primary key,
    space_version text not null,
    means bytea not null,
    first_day date not null,
    last_day date not null,
    messages integer not null,
    seen_until timestamptz not null,
    discovered_at timestamptz not null default now()
);

-- A topic keeps its id and its names while its centre stays, and its row when
-- messages about it stop (`vanished_at`).
create table ml.topics (
    store_id text not null,
    topic_id bigint generated always as identity,
    name_id text,
    name_en text,
    language text not null check (language in ('id', 'en')),
    centre bytea not null,
    messages integer not null,
    found_at timestamptz not null default now(),
    vanished_at timestamptz,
    primary key (store_id, topic_id),
    check (name_id is not null or name_en is not null)
);

-- One row a customer's message or review that was read, with its place among
-- topics; those that say nothing have neither place nor topic. `example` is the
-- masked text of those shown as examples of their topic.
create table ml.topic_messages (
    store_id text not null,
    kind text not null check (kind in ('message', 'review')),
    source text not null,
    id text not null,
    version integer not null,
    topic_id bigint,
    occurred_at timestamptz not null,
    language text not null check (language in ('id', 'en')),
    place bytea,
    space_version text not null,
    example_position smallint check (example_position between 1 and 3),
    example text,
    primary key (store_id, kind, source, id),
    foreign key (store_id, topic_id) references ml.topics,
    check (topic_id is null or place is not null),
    check ((example is null) = (example_position is null))
);
create index on ml.topic_messages (store_id, topic_id);

-- Topics that had more messages in the seven days up to `last_day` than chance
-- explains.
create table ml.topic_growth (
    store_id text not null,
    topic_id bigint not null,
    last_day date not null,
    kind text not null check (kind in ('new', 'growing')),
    messages integer not null,
    expected real not null check (expected >= 0),
    primary key (store_id, topic_id, last_day),
    foreign key (store_id, topic_id) references ml.topics
);

-- What people of the shop decided about a topic: its name, the topic that its
-- messages count for, and whether it is left out of what changed.
create table app.topic_settings (
    store_id text not null,
    topic_id bigint not null,
    name text check (name = btrim(name) and length(name) between 1 and 80),
    merged_into bigint check (merged_into <> topic_id),
    is_muted boolean not null default false,
    changed_at timestamptz not null default now(),
    changed_by bigint references app.users,
    primary key (store_id, topic_id),
    foreign key (store_id, topic_id) references ml.topics,
    foreign key (store_id, merged_into) references ml.topics
);

grant select, insert, update, delete
on ml.topic_spaces, ml.topic_runs, ml.topics, ml.topic_messages, ml.topic_growth
to scorer;
grant select on app.topic_settings to scorer, dbt;
grant select on ml.topics, ml.topic_messages, ml.topic_growth, ml.topic_runs to dbt;
grant select on ml.topics to inbox;
grant select, insert, update on app.topic_settings to inbox;
