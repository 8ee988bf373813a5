-- A customer of a shop: made or updated by every message that lands.
create table app.customers (
    store_id text not null,
    customer_key text not null,
    name text,
    opted_out_at timestamptz,
    rating_requested_at timestamptz,
    first_seen_at timestamptz not null default now(),
    primary key (store_id, customer_key)
);
create index on app.customers using gin (
    to_tsvector('simple', coalesce(name, ''))
);

-- A thread: one customer on one channel. `bot`: the bot answers; `waiting`:
-- handed over, nobody took it yet; `agent`: a person has it; `closed`: done,
-- and the bot's again when the customer writes. `address` is where replies go,
-- null where Kabar only listens. Messages up to `bot_since` are history that the
-- bot never answers; `answered_until` is the newest that it decided about.
create table app.conversations (
    conversation_id bigint generated always as identity primary key,
    store_id text not null,
    channel text not null,
    customer_key text not null,
    address text,
    own_address text,
    state text not null default 'bot'
    check (state in ('bot', 'waiting', 'agent', 'closed')),
    state_at timestamptz not null default now(),
    state_reason text,
    assigned_to bigint references app.users,
    language text check (language in ('id', 'en')),
    issue text,
    urgency text,
    last_message_at timestamptz not null,
    last_inbound_at timestamptz,
    last_reply_at timestamptz,
    last_text text,
    last_author text,
    bot_since timestamptz,
    answered_until timestamptz,
    changed_at timestamptz not null default now(),
    unique (store_id, channel, customer_key),
    foreign key (store_id, customer_key) references app.customers
);
create index on app.conversations (store_id, last_message_at desc);
create index on app.conversations (store_id, state, last_message_at desc);
create index on app.conversations (customer_key);
create index on app.conversations (
    last_message_at desc, conversation_id desc
);
create index on app.conversations (
    state, last_message_at desc, conversation_id desc
);

-- What leaves Kabar, written before it is sent: a reply that was `sending` when
-- its worker died is looked for in Twilio's record before it is sent again.
-- `message_sid` is Twilio's, or the event's id on a channel of the events API;
-- `error_code` is Twilio's, or a word of ours.
create table app.replies (
    reply_id uuid primary key default gen_random_uuid(),
    conversation_id bigint not null references app.conversations,
    sequence bigint generated always as identity,
    author text not null check (author in ('bot', 'agent')),
    user_id bigint references app.users,
    kind text not null check (
        kind in (
            'answer', 'fallback', 'handover', 'rating_request', 'thanks', 'notice',
            'agent', 'template'
        )
    ),
    body text,
    media_url text,
    content_sid text,
    content_variables jsonb,
    answered boolean,
    state text not null default 'written'
    check (state in ('written', 'sending', 'sent', 'dead', 'dropped')),
    attempts smallint not null default 0,
    message_sid text unique,
    error_code text,
    written_at timestamptz not null default now(),
    sending_at timestamptz,
    next_attempt_at timestamptz,
    sent_at timestamptz,
    check ((author = 'agent') = (user_id is not null)),
    check (body is not null or media_url is not null or content_sid is not null)
);
create index on app.replies (conversation_id, sequence);
create index on app.replies (state) where state in ('written', 'sending', 'dead');
create index on app.replies using brin (sent_at) with (autosummarize = on);

-- What happens in a conversation besides messages. `message_id` is the message
-- that carries it, where one does: a rating that was written, say.
create table app.conversation_events (
    event_id uuid primary key default gen_random_uuid(),
    conversation_id bigint not null references app.conversations,
    type text not null check (
        type in (
            'handover', 'taken_over', 'given_back', 'rating_requested',
            'rating', 'closed', 'assigned'
        )
    ),
    rating smallint check (rating between 1 and 5),
    reply_id uuid references app.replies,
    message_id text,
    user_id bigint references app.users,
    reason text,
    occurred_at timestamptz not null default now(),
    landed_at timestamptz not null default now(),
    check ((type = 'rating') = (rating is not null))
);
create index on app.conversation_events (conversation_id, occurred_at);
create index on app.conversation_events using brin (landed_at)
with (autosummarize = on);

-- Pictures, voice notes and files that customers sent, fetched from Twilio.
create table app.media (
    message_sid text not null,
    position smallint not null,
    media_type text not null,
    state text not null default 'waiting'
    check (state in ('waiting', 'kept', 'refused', 'gone')),
    content bytea,
    reason text,
    fetched_at timestamptz,
    primary key (message_sid, position)
);

-- Channels of the events API that the bot answers: replies are posted to `url`,
-- signed after Standard Webhooks.
create table app.reply_channels (
    store_id text not null,
    channel text not null,
    url text not null,
    primary key (store_id, channel)
);

-- A status callback that says which reply it is about (the address that Twilio
-- was told holds the reply's id): so a reply whose answer was lost is found.
alter table raw.twilio_statuses add column reply_id uuid;

create function app.show_statuses() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_notify('inbox', changed.conversation_id::text)
    from (
        select distinct replies.conversation_id
        from landed
        inner join app.replies on landed.reply_id = replies.reply_id
    ) as changed;
    return null;
end
$$;
create trigger show_statuses after insert on raw.twilio_statuses
referencing new table as landed
for each statement execute function app.show_statuses();

-- Every message of every channel, as a conversation shows it. Twilio's record
-- has whole seconds, which would shuffle the parts of a long reply. A sender's
-- clock that is well ahead is not believed: what it says lies in the future would
-- have everything before it taken for answered.
create view app.messages as
select
    twilio_messages.store_id,
    twilio_messages.channel,
    twilio_messages.customer_key,
    'twilio' as source,
    twilio_messages.message_sid as message_id,
    coalesce(
        replies.sent_at, twilio_messages.sent_at, twilio_messages.received_at
    ) as occurred_at,
    case
        when twilio_messages.direction = 'inbound' then 'customer'
        else coalesce(outbound_messages.author, 'bot')
    end as author,
    twilio_messages.body as text,
    coalesce(
        twilio_messages.payload, twilio_messages.record
    ) as body
from raw.twilio_messages
left join app.outbound_messages
    on twilio_messages.message_sid = outbound_messages.message_sid
left join app.replies
    on twilio_messages.message_sid = replies.message_sid
union all
select
    chatbot_events.store_id,
    chatbot_events.channel,
    chatbot_events.customer_key,
    'chatbot' as source,
    chatbot_events.event_id as message_id,
    least(
        chatbot_events.occurred_at,
        chatbot_events.received_at + interval '1 minute'
    ) as occurred_at,
    chatbot_events.author,
    chatbot_events.text,
    chatbot_events.payload as body
from raw.chatbot_events
where chatbot_events.type = 'message';

-- Puts messages into their threads and asks for an answer to those that are
-- new: what is older than an hour is history. Threads are touched in one order,
-- so that two processes never wait for each other in a circle, and before the
-- queue is: a worker locks the thread before it reads, and so misses nothing.
create function app.note_messages(landed jsonb) returns void
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    with messages as (
        select *
        from jsonb_to_recordset(landed) as message (
            store_id text,
            channel text,
            customer_key text,
            author text,
            at timestamptz,
            body text,
            name text,
            address text,
            own_address text,
            can_answer boolean
        )
    ),

    threads as (
        select
            messages.store_id,
            messages.channel,
            messages.customer_key,
            max(messages.at) as last_message_at,
            max(messages.at) filter (
                where messages.author = 'customer'
            ) as last_inbound_at,
            max(messages.at) filter (
                where messages.author != 'customer'
            ) as last_reply_at,
            (array_agg(messages.name order by messages.at desc) filter (
                where messages.name > ''
            ))[1] as name,
            (array_agg(messages.address order by messages.at desc) filter (
                where messages.address is not null
            ))[1] as address,
            (array_agg(messages.own_address order by messages.at desc) filter (
                where messages.own_address is not null
            ))[1] as own_address,
            (array_agg(left(messages.body, 200) order by messages.at desc))[1]
                as last_text,
            (array_agg(messages.author order by messages.at desc))[1]
                as last_author,
            bool_or(
                messages.can_answer
                and messages.author = 'customer'
                and messages.at > now() - interval '1 hour'
            ) as wants_answer
        from messages
        group by messages.store_id, messages.channel, messages.customer_key
    ),

    customers as (
        insert into app.customers as customers (store_id, customer_key, name)
        select
            threads.store_id,
            threads.customer_key,
            max(threads.name)
        from threads
        group by threads.store_id, threads.customer_key
        order by threads.store_id, threads.customer_key
        on conflict (store_id, customer_key) do update set
            name = excluded.name
        where
            excluded.name is not null
            and customers.name is distinct from excluded.name
    ),

    noted as (
        insert into app.conversations as conversations (
            store_id, channel, customer_key, address, own_address,
            last_message_at, last_inbound_at, last_reply_at, last_text,
            last_author
        )
        select
            threads.store_id,
            threads.channel,
            threads.customer_key,
            threads.address,
            threads.own_address,
            threads.last_message_at,
            threads.last_inbound_at,
            threads.last_reply_at,
            threads.last_text,
            threads.last_author
        from threads
        order by threads.store_id, threads.channel, threads.customer_key
        on conflict (store_id, channel, customer_key) do update set
            address = coalesce(excluded.address, conversations.address),
            own_address = coalesce(
                excluded.own_address, conversations.own_address
            ),
            last_text = case
                when excluded.last_message_at >= conversations.last_message_at
                    then excluded.last_text
                else conversations.last_text
            end,
            last_author = case
                when excluded.last_message_at >= conversations.last_message_at
                    then excluded.last_author
                else conversations.last_author
            end,
            last_message_at = greatest(
                conversations.last_message_at, excluded.last_message_at
            ),
            last_inbound_at = greatest(
                conversations.last_inbound_at, excluded.last_inbound_at
            ),
            last_reply_at = greatest(
                conversations.last_reply_at, excluded.last_reply_at
            ),
            state = case
                when
                    conversations.state = 'closed'
                    and excluded.last_inbound_at > conversations.state_at
                    then 'bot'
                else conversations.state
            end,
            changed_at = now()
        returning
            conversations.conversation_id,
            conversations.store_id,
            conversations.channel,
            conversations.customer_key,
            conversations.last_message_at
    )

    select
        case when threads.wants_answer then
            queue.enqueue(
                'answer',
                'conversation ' || noted.conversation_id,
                jsonb_build_object('conversation_id', noted.conversation_id),
                now() + make_interval(
                    secs => coalesce(store_options.pause_seconds, 2.5)::float8
                )
            )
        end,
        case when noted.last_message_at > now() - interval '1 hour' then
            pg_notify('inbox', noted.conversation_id::text)
        end
    from noted
    inner join threads using (store_id, channel, customer_key)
    left join app.store_options
        on noted.store_id = store_options.store_id
    order by noted.conversation_id
$$;
revoke execute on function app.note_messages from public;

create function app.note_twilio_messages() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.note_messages(jsonb_agg(jsonb_build_object(
        'store_id', landed.store_id,
        'channel', landed.channel,
        'customer_key', landed.customer_key,
        'author', case
            when landed.direction = 'inbound' then 'customer'
            else coalesce(outbound_messages.author, 'bot')
        end,
        'at', coalesce(landed.sent_at, landed.received_at, now()),
        'body', landed.body,
        'name', landed.payload ->> 'ProfileName',
        'address', case
            when landed.direction = 'inbound' then
                coalesce(landed.payload ->> 'From', landed.record ->> 'from')
            else landed.record ->> 'to'
        end,
        'own_address', case
            when landed.direction = 'inbound' then
                coalesce(landed.payload ->> 'To', landed.record ->> 'to')
            else landed.record ->> 'from'
        end,
        'can_answer', true
    )))
    from landed
    left join app.outbound_messages
        on
            landed.direction = 'outbound'
            and landed.message_sid = outbound_messages.message_sid
    having count(*) > 0;
    return null;
end
$$;
create trigger note_messages after insert on raw.twilio_messages
referencing new table as landed
for each statement execute function app.note_twilio_messages();

create function app.note_chatbot_messages() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.note_messages(jsonb_agg(jsonb_build_object(
        'store_id', landed.store_id,
        'channel', landed.channel,
        'customer_key', landed.customer_key,
        'author', landed.author,
        'at', least(
            landed.occurred_at, landed.received_at + interval '1 minute'
        ),
        'body', landed.text,
        'name', landed.payload #>> '{customer,name}',
        'can_answer', reply_channels.url is not null
    )))
    from landed
    left join app.reply_channels
        on
            landed.store_id = reply_channels.store_id
            and landed.channel = reply_channels.channel
    where landed.type = 'message'
    having count(*) > 0;
    return null;
end
$$;
create trigger note_messages after insert on raw.chatbot_events
referencing new table as landed
for each statement execute function app.note_chatbot_messages();

-- What dbt counts of the replies: who wrote them and whether they answered.
create view app.reply_facts as
select
    replies.reply_id,
    replies.message_sid,
    replies.author,
    replies.kind,
    replies.answered,
    replies.sent_at as landed_at
from app.replies
where replies.message_sid is not null;
grant select on app.reply_facts to dbt, bot;
grant select on app.conversation_events to dbt;

grant select on
raw.twilio_messages, raw.chatbot_events, raw.twilio_current_statuses,
raw.twilio_statuses, app.messages to bot, inbox;
grant insert on raw.twilio_messages, raw.chatbot_events to bot;
grant select, insert, update on
app.customers, app.conversations, app.replies, app.media,
app.outbound_messages to bot;
grant select, insert on app.conversation_events to bot, inbox;
grant select on app.customers, app.media, app.outbound_messages to inbox;
grant select, update on app.conversations to inbox;
grant select, insert, update on app.replies to inbox;
grant select on app.reply_channels to bot;
grant select, insert, update, delete on app.reply_channels to inbox;
grant select on
raw.woocommerce_orders, raw.woocommerce_refunds, raw.woocommerce_customers,
raw.woocommerce_products, raw.woocommerce_variations to bot, inbox;
