-- The number and the id that a channel gave of one customer in one message.
-- `is_verified`: by a network that verifies its senders, so that a message with
-- the id alone belongs to the number's conversation. A web chat only claims its
-- visitor's number.
create table app.person_links (
    store_id text not null,
    phone_key text not null,
    id_key text not null,
    is_verified boolean not null,
    linked_at timestamptz not null default now(),
    primary key (store_id, phone_key, id_key)
);
create index on app.person_links (store_id, id_key);

insert into app.person_links (store_id, phone_key, id_key, is_verified)
select distinct
    chatbot_events.store_id,
    chatbot_events.phone_key,
    chatbot_events.id_key,
    false as is_verified
from raw.chatbot_events
where
    chatbot_events.phone_key is not null
    and chatbot_events.id_key is not null;

-- The customer's id in a message that also has their number.
alter table raw.twilio_messages add column id_key text;
create index on raw.twilio_messages (customer_key, id_key)
where id_key is not null;
create index on raw.twilio_messages (id_key, customer_key)
where id_key is not null;

-- A message with an id alone belongs to the number that came with it before.
create function app.know_sender() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    new.customer_key := coalesce(
        (
            select min(person_links.phone_key)
            from app.person_links
            where
                person_links.store_id = new.store_id
                and person_links.id_key = new.customer_key
                and person_links.is_verified
        ),
        new.customer_key
    );
    return new;
end
$$;
create trigger know_sender
before insert or update of customer_key on raw.twilio_messages
for each row execute function app.know_sender();

-- Of new messages, repeatable/link_people.sql links number and id. A row
-- that was landed from Twilio's list gets its id with the webhook's body.
create function app.link_sender() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.person_links (store_id, phone_key, id_key, is_verified)
    values (new.store_id, new.customer_key, new.id_key, true)
    on conflict (store_id, phone_key, id_key) do update
        set is_verified = true
        where not person_links.is_verified;
    return null;
end
$$;
create trigger link_sender after update of id_key on raw.twilio_messages
for each row when (new.id_key is not null)
execute function app.link_sender();

-- All keys of a customer, by the numbers and ids that came together.
create function app.person_keys(
    of_store text, of_customer text
) returns setof text
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    with recursive reached (customer_key) as (
        select of_customer
        union
        select links.to_key
        from reached
        cross join lateral (
            select person_links.id_key as to_key
            from app.person_links
            where
                person_links.store_id = of_store
                and person_links.phone_key = reached.customer_key
            union all
            select person_links.phone_key as to_key
            from app.person_links
            where
                person_links.store_id = of_store
                and person_links.id_key = reached.customer_key
        ) as links
    )

    select reached.customer_key from reached
$$;

-- Since when a customer wants no messages that they did not ask for, under
-- whichever of their keys they said so; null if they may be written to.
create function app.opted_out_at(
    of_store text, of_customer text
) returns timestamptz
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select min(customers.opted_out_at)
    from app.customers
    where
        customers.store_id = of_store
        and customers.customer_key in (
            select app.person_keys(of_store, of_customer)
        )
$$;
revoke execute on function app.person_keys, app.opted_out_at from public;
grant execute on function app.person_keys, app.opted_out_at to bot, inbox;

-- Agents note an opt-out that a customer told them.
grant update (opted_out_at) on app.customers to inbox;
alter table app.conversation_events
drop constraint conversation_events_type_check;
alter table app.conversation_events
add constraint conversation_events_type_check check (
    type in (
        'handover', 'taken_over', 'given_back', 'rating_requested', 'rating',
        'closed', 'assigned', 'survey', 'opted_out', 'opted_in'
    )
);

-- `retry_of`: the reply that failed after it was accepted, and that this one
-- repeats. `own_address`: the shop's number that the customer wrote to.
alter table app.replies add column retry_of uuid references app.replies;
alter table app.replies add column own_address text;
create index on app.replies (retry_of) where retry_of is not null;
grant select on raw.twilio_failures, raw.twilio_status_ranks to bot;

-- A status callback updates open pages. One about a failure also has a worker
-- deal with it, as it does with a reply that is refused at once.
create or replace function app.show_statuses() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform
        pg_notify('inbox', changed.conversation_id::text),
        case when changed.is_failed then queue.enqueue(
            'send',
            'conversation ' || changed.conversation_id,
            jsonb_build_object('conversation_id', changed.conversation_id)
        ) end
    from (
        select
            replies.conversation_id,
            bool_or(landed.status in ('failed', 'undelivered', 'canceled'))
                as is_failed
        from landed
        cross join lateral (
            select by_id.conversation_id
            from app.replies as by_id
            where by_id.reply_id = landed.reply_id
            union
            select by_sid.conversation_id
            from app.replies as by_sid
            where by_sid.message_sid = landed.message_sid
        ) as replies
        group by replies.conversation_id
        order by replies.conversation_id
    ) as changed;
    return null;
end
$$;
