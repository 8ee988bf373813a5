-- What is said in test conversations, in which an admin writes as a customer.
-- It never lies in raw, so no figure, label, model or check can count it. Their
-- channel is kabar_test, which no sender may use.
create table app.test_messages (
    message_id text primary key default gen_random_uuid()::text,
    store_id text not null,
    customer_key text not null,
    author text not null check (author in ('customer', 'bot', 'agent')),
    text text not null,
    answered boolean check (answered is null or author = 'bot'),
    written_by bigint references app.users,
    occurred_at timestamptz not null default clock_timestamp(),
    received_at timestamptz not null default now(),
    check ((author = 'customer') = (written_by is not null))
);
create index on app.test_messages (customer_key, occurred_at);
grant select, insert on app.test_messages to bot, inbox;

-- What it does is in repeatable/answer_after_pause.sql.
create function app.note_test_messages() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$ begin return null; end $$;
create trigger note_messages after insert on app.test_messages
referencing new table as landed
for each statement execute function app.note_test_messages();

-- A shop in which only tests were made was not seen.
create or replace view app.seen_stores as
with recursive seen as (
    (
        select conversations.store_id
        from app.conversations
        where conversations.channel <> 'kabar_test'
        order by conversations.store_id
        limit 1
    )

    union all

    select (
        select conversations.store_id
        from app.conversations
        where
            conversations.store_id > seen.store_id
            and conversations.channel <> 'kabar_test'
        order by conversations.store_id
        limit 1
    ) as store_id
    from seen
    where seen.store_id is not null
)

select seen.store_id
from seen
where seen.store_id is not null;
