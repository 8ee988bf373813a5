-- Conversations as they stand, without what was said in them: a view and no
-- grant on columns, since dbt reads whole rows.
create view app.conversation_states as
select
    conversations.store_id,
    conversations.channel,
    conversations.customer_key,
    conversations.state,
    conversations.state_at,
    conversations.last_message_at,
    conversations.last_inbound_at,
    conversations.last_reply_at
from app.conversations;
grant select on app.conversation_states to dbt;

-- When each connected shop was last asked for what changed, and Twilio for its
-- record, to the end of it; null for a shop that was not asked yet.
create view app.woocommerce_syncs as
select
    stores.store_id,
    max(sync_positions.updated_at) as synced_at
from app.stores
left join app.sync_positions
    on
        stores.store_id = sync_positions.store_id
        and sync_positions.source = 'woocommerce_orders'
where stores.connected_at is not null
group by stores.store_id;

create view app.twilio_syncs as
select
    sync_positions.store_id,
    sync_positions.updated_at as synced_at
from app.sync_positions
where sync_positions.source = 'twilio';

grant select on app.woocommerce_syncs, app.twilio_syncs to dbt;

-- What `dbt source freshness` found each time, a row a source. `never`: nothing
-- has come from it yet.
create table quality.source_freshness (
    checked_at timestamptz not null,
    source text not null,
    newest_at timestamptz,
    age_seconds double precision,
    status text not null check (status in ('fresh', 'late', 'stale', 'never')),
    primary key (checked_at, source)
);

-- What somebody has to look at, from when it was first seen until it is over,
-- and by which ways people were told. An incident that no check can see go on
-- lasts until `lasts_until`, which moves each time it happens again.
create table quality.incidents (
    incident_id bigint generated always as identity primary key,
    kind text not null check (kind in ('deadline', 'quality', 'freshness')),
    subject text not null,
    store_id text,
    details jsonb not null default '{}',
    opened_at timestamptz not null default now(),
    lasts_until timestamptz,
    closed_at timestamptz,
    told text[] not null default '{}'
);
create unique index incidents_one_open
on quality.incidents (kind, subject, store_id) nulls not distinct
where closed_at is null;

grant select, insert on quality.source_freshness to validator;
grant select, insert, update on quality.incidents to validator;
grant select on quality.source_freshness, quality.incidents to dbt;
grant select on
quality.current_verdict, quality.current_reconciliations,
quality.reconciliations, quality.validations to validator;

-- How old everything is, dbt grants when it makes the view.
grant usage on schema marts to validator;
