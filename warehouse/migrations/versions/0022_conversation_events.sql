-- What a chatbot elsewhere says of a customer's message: false if it asks for
-- nothing, so that nobody waits for a reply to it.
alter table raw.chatbot_events add column needs_reply boolean
check (needs_reply is null or author = 'customer');

-- Customers' messages of which the bot decided that they need no reply. To
-- leave a conversation to the person who has it (guard) decides nothing of the
-- kind.
create index bot_decisions_without_reply on app.bot_decisions (conversation_id)
where outcome = 'silent' and name <> 'guard';
create index bot_decisions_newly_without_reply on app.bot_decisions (decided_at)
where outcome = 'silent' and name <> 'guard';

create view app.no_reply_messages as
select
    conversations.store_id,
    conversations.channel,
    conversations.customer_key,
    decided.message_id,
    bot_decisions.decided_at
from app.bot_decisions
inner join app.conversations
    on bot_decisions.conversation_id = conversations.conversation_id
cross join lateral unnest(bot_decisions.message_ids) as decided (message_id)
where bot_decisions.outcome = 'silent' and bot_decisions.name <> 'guard';
grant select on app.no_reply_messages to dbt, bot, inbox;

-- What Twilio ever said had failed (raw.twilio_status_ranks), found without
-- reading what arrived.
create index twilio_statuses_failed on raw.twilio_statuses (received_at)
where status in ('canceled', 'failed', 'undelivered');
create index twilio_messages_failed on raw.twilio_messages (changed_at)
where record ->> 'status' in ('canceled', 'failed', 'undelivered');

create view raw.twilio_failures as
select
    twilio_statuses.message_sid,
    twilio_statuses.received_at as failed_at
from raw.twilio_statuses
where twilio_statuses.status in ('canceled', 'failed', 'undelivered')
union all
select
    twilio_messages.message_sid,
    twilio_messages.changed_at as failed_at
from raw.twilio_messages
where
    twilio_messages.record ->> 'status'
    in ('canceled', 'failed', 'undelivered');
grant select on raw.twilio_failures to dbt;

-- A customer's numbers by their id; the other way round 0001 has it.
create index on raw.chatbot_events (id_key, phone_key)
where id_key is not null and phone_key is not null;

-- Found without reading all that landed.
create index chatbot_events_without_reply on raw.chatbot_events (received_at)
where not needs_reply;

-- How long a customer must have been silent before the bot answers, in shops
-- that chose nothing. The only place where it stands.
create function app.default_pause_seconds() returns numeric
language sql
immutable
return 2.5;
alter table app.store_options
alter column pause_seconds set default app.default_pause_seconds();
