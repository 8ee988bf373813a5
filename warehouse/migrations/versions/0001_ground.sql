-- Schemas, tables and grants of the whole way from a message to a KPI.
-- The roles themselves are made by warehouse/roles.py before any migration runs.

create schema raw;
create schema app;
create schema ml;
create schema quality;
create schema staging authorization dbt;
create schema intermediate authorization dbt;
create schema marts authorization dbt;

-- raw: what landed, as it landed. `changed_at` is the start of the transaction that last touched the row; a reader that
-- goes back further than the longest transaction may last (roles.py bounds it) misses nothing.

create table raw.twilio_messages (
    message_sid text primary key,
    account_sid text,
    store_id text not null,
    channel text not null,
    direction text not null check (direction in ('inbound', 'outbound')),
    customer_key text not null,
    body text,
    payload jsonb,
    payload_hash text,
    record jsonb,
    sent_at timestamptz,
    received_at timestamptz,
    changed_at timestamptz not null default now(),
    check (payload is not null or record is not null)
);
create index on raw.twilio_messages (customer_key);
create index on raw.twilio_messages using brin (changed_at);

create table raw.twilio_statuses (
    message_sid text not null,
    payload_hash text not null,
    status text not null,
    error_code text,
    payload jsonb not null,
    received_at timestamptz not null default now(),
    primary key (message_sid, payload_hash)
);
create index on raw.twilio_statuses using brin (received_at);

create table raw.chatbot_events (
    event_id text primary key,
    type text not null check (type in ('message', 'handover', 'rating_requested', 'rating', 'closed')),
    occurred_at timestamptz not null,
    channel text not null,
    store_id text not null,
    customer_key text not null,
    phone_key text,
    id_key text,
    author text check (author in ('customer', 'bot', 'agent')),
    text text,
    answered boolean,
    rating smallint check (rating between 1 and 5),
    payload jsonb not null,
    payload_hash text not null,
    received_at timestamptz not null default now(),
    check ((type = 'message') = (author is not null)),
    check ((type = 'rating') = (rating is not null)),
    check (phone_key is not null or id_key is not null)
);
create index on raw.chatbot_events (customer_key);
create index on raw.chatbot_events (phone_key, id_key) where phone_key is not null and id_key is not null;
create index on raw.chatbot_events using brin (received_at);

-- A later, different body of an id that had landed already.
create table raw.conflicts (
    source text not null check (source in ('twilio_messages', 'chatbot_events')),
    id text not null,
    payload_hash text not null,
    payload jsonb not null,
    received_at timestamptz not null default now(),
    primary key (source, id, payload_hash)
);

-- Callbacks come out of order; the rank, not the time, says how far a message got. Failure outranks what precedes
-- delivery and never undoes a delivery.
create table raw.twilio_status_ranks (
    status text primary key,
    rank smallint not null unique,
    failed boolean not null
);
insert into raw.twilio_status_ranks (status, rank, failed) values
('scheduled', 10, false),
('accepted', 20, false),
('queued', 30, false),
('sending', 40, false),
('sent', 50, false),
('receiving', 60, false),
('received', 70, false),
('canceled', 80, true),
('failed', 90, true),
('undelivered', 100, true),
('partially_delivered', 110, false),
('delivered', 120, false),
('read', 130, false);

create view raw.twilio_current_statuses as
with seen as (
    select statuses.message_sid, statuses.status from raw.twilio_statuses as statuses
    union all
    select messages.message_sid, messages.record ->> 'status' as status
    from raw.twilio_messages as messages
    where messages.record is not null
)

select distinct on (seen.message_sid)
    seen.message_sid,
    seen.status,
    ranks.failed
from seen
inner join raw.twilio_status_ranks as ranks on seen.status = ranks.status
order by seen.message_sid asc, ranks.rank desc;

-- app: what shops and agents set, and where the loaders stand.

create table app.stores (
    store_id text primary key,
    name text,
    timezone text,
    currency text
);

create table app.business_hours (
    store text not null,
    weekday smallint not null check (weekday between 1 and 7),
    opens time not null,
    closes time not null,
    primary key (store, weekday, opens)
);

create table app.holidays (
    store text not null,
    day date not null,
    primary key (store, day)
);

create table app.kpi_targets (
    store text not null,
    metric text not null,
    target numeric not null,
    primary key (store, metric)
);

-- Who wrote an outbound message; one that is not here is the bot's.
create table app.outbound_messages (
    message_sid text primary key,
    author text not null check (author in ('bot', 'agent')),
    changed_at timestamptz not null default now()
);

create table app.sync_positions (
    source text not null,
    store_id text not null,
    position timestamptz not null,
    updated_at timestamptz not null default now(),
    primary key (source, store_id)
);

-- ml: models, which of them is in use and why, and the labels that they gave.

create table ml.models (
    model_version text primary key,
    base_model text not null,
    onnx bytea not null,
    tokenizer jsonb not null,
    configuration jsonb not null,
    metrics jsonb not null,
    trained_at timestamptz not null default now(),
    in_use boolean not null default false
);
create unique index models_one_in_use on ml.models (in_use) where in_use;

create table ml.model_decisions (
    decision_id bigint generated always as identity primary key,
    challenger text not null references ml.models,
    champion text references ml.models,
    promoted boolean not null,
    reason text not null,
    challenger_metrics jsonb not null,
    champion_metrics jsonb,
    decided_at timestamptz not null default now()
);

create table ml.message_labels (
    source text not null check (source in ('twilio', 'chatbot')),
    message_id text not null,
    issue text not null check (issue in ('delivery', 'order', 'payment', 'refund', 'other')),
    issue_probability real not null check (issue_probability between 0 and 1),
    urgency text not null check (urgency in ('low', 'normal', 'high')),
    urgency_probability real not null check (urgency_probability between 0 and 1),
    language text not null,
    model_version text not null references ml.models,
    scored_at timestamptz not null default now(),
    primary key (source, message_id)
);
create index on ml.message_labels using brin (scored_at);

-- quality: verdicts on what landed. A run writes all its suites in one transaction.

create table quality.validations (
    run_id uuid not null,
    suite text not null,
    verdict text not null check (verdict in ('pass', 'warn', 'fail')),
    reasons jsonb not null default '[]',
    validated_at timestamptz not null default now(),
    primary key (run_id, suite)
);
create index on quality.validations (validated_at desc);

create view quality.current_verdict as
with latest_run as (
    select validations.run_id
    from quality.validations
    order by validations.validated_at desc, validations.run_id desc
    limit 1
)

select
    case max(case validations.verdict when 'fail' then 3 when 'warn' then 2 else 1 end)
        when 3 then 'fail' when 2 then 'warn' else 'pass'
    end as verdict,
    max(validations.validated_at) as validated_at
from quality.validations
inner join latest_run on validations.run_id = latest_run.run_id
having count(*) > 0;

-- Grants: the least that each component needs.

grant usage on schema raw to webhook, loader, scorer, validator, dbt, bot;
grant usage on schema app to loader, dbt, bot;
grant usage on schema ml to scorer, dbt;
grant usage on schema quality to validator, dbt;
grant usage on schema staging to validator;
grant usage on schema marts to reader;

grant insert on raw.twilio_messages, raw.twilio_statuses, raw.chatbot_events, raw.conflicts to webhook;
-- Only what tells a repeated body from a different one.
grant select (message_sid, payload_hash) on raw.twilio_messages to webhook;
grant select (event_id, payload_hash) on raw.chatbot_events to webhook;

grant select, insert, update on all tables in schema raw to loader;
grant select, insert, update on app.sync_positions to loader;

grant select (message_sid, direction, body, changed_at) on raw.twilio_messages to scorer;
grant select (event_id, type, author, text, received_at) on raw.chatbot_events to scorer;
grant select, insert, update, delete on all tables in schema ml to scorer;

grant select on all tables in schema raw to validator, dbt;
grant select on all tables in schema app, ml, quality to dbt;
grant select, insert on quality.validations to validator;
grant select on quality.current_verdict to validator;

alter default privileges for role dbt in schema staging grant select on tables to validator;
alter default privileges for role dbt in schema marts grant select on tables to reader;
