-- Conversations whose messages or name contain the words, whose customer has the
-- number, or a number that begins or ends with the digits, or the order, newest
-- match first. Frequent words are found fastest by scanning
-- back in time, rare ones through the full-text index. So the newest messages
-- are scanned first, with a cheap match of letters before the match of words,
-- and the index is used only if they do not fill a page.
with sought as materialized (
    select
        to_tsquery('simple', %(words)s) as words,
        %(parts)s::text[] as parts
),

newest_twilio as materialized (
    select
        twilio_messages.store_id,
        twilio_messages.channel,
        twilio_messages.customer_key,
        coalesce(twilio_messages.sent_at, twilio_messages.received_at) as at,
        twilio_messages.body as text,
        twilio_messages.message_sid as message_id
    from raw.twilio_messages
    where %(words)s <> ''
    order by
        coalesce(twilio_messages.sent_at, twilio_messages.received_at) desc
    limit 8000
),

newest_chatbot as materialized (
    select
        chatbot_events.store_id,
        chatbot_events.channel,
        chatbot_events.customer_key,
        chatbot_events.occurred_at as at,
        chatbot_events.text,
        chatbot_events.event_id as message_id
    from raw.chatbot_events
    where %(words)s <> ''
    order by chatbot_events.occurred_at desc
    limit 8000
),

recent_matches as materialized (
    select newest.*
    from (
        select * from newest_twilio
        union all
        select * from newest_chatbot
    ) as newest, sought
    where
        newest.text ilike all(sought.parts)
        and to_tsvector('simple', left(coalesce(newest.text, ''), 2000))
        @@ sought.words
),

recent as materialized (
    select count(distinct recent_matches.customer_key) as customers
    from recent_matches
),

twilio_matches as (
    select
        twilio_messages.store_id,
        twilio_messages.channel,
        twilio_messages.customer_key,
        coalesce(twilio_messages.sent_at, twilio_messages.received_at) as at,
        twilio_messages.body as text,
        twilio_messages.message_sid as message_id
    from raw.twilio_messages, sought
    where
        (select recent.customers from recent) < %(limit)s
        and %(words)s <> ''
        and to_tsvector(
            'simple', left(coalesce(twilio_messages.body, ''), 2000)
        ) @@ sought.words
    order by
        coalesce(twilio_messages.sent_at, twilio_messages.received_at) desc
    limit %(most)s
),

chatbot_matches as (
    select
        chatbot_events.store_id,
        chatbot_events.channel,
        chatbot_events.customer_key,
        chatbot_events.occurred_at as at,
        chatbot_events.text,
        chatbot_events.event_id as message_id
    from raw.chatbot_events, sought
    where
        (select recent.customers from recent) < %(limit)s
        and %(words)s <> ''
        and to_tsvector('simple', left(coalesce(chatbot_events.text, ''), 2000))
        @@ sought.words
    order by chatbot_events.occurred_at desc
    limit %(most)s
),

named as (
    select
        customers.store_id,
        customers.customer_key
    from app.customers, sought
    where
        %(words)s <> ''
        and to_tsvector('simple', coalesce(customers.name, '')) @@ sought.words
    order by customers.first_seen_at desc
    limit %(most)s
),

ordered as (
    select
        orders.store_id,
        orders.phone_key as customer_key
    from raw.woocommerce_orders as orders
    where
        orders.body ->> 'number' = %(order_number)s
        and orders.deleted_at is null
    order by orders.created_at desc
    limit %(most)s
),

people as (
    select * from named
    union
    select * from ordered
),

numbered as (
    select
        conversations.store_id,
        conversations.channel,
        conversations.customer_key,
        conversations.last_message_at as at,
        conversations.last_text as text,
        null as message_id
    from app.conversations
    where
        %(first_digits)s::text is not null
        and (
            conversations.address like 'whatsapp:+' || %(first_digits)s || '%%'
            or reverse(conversations.address)
            like reverse(%(last_digits)s) || '%%'
        )
    order by conversations.last_message_at desc
    limit %(most)s
),

matches as (
    select * from recent_matches
    union all
    select * from twilio_matches
    union all
    select * from chatbot_matches
    union all
    select
        conversations.store_id,
        conversations.channel,
        conversations.customer_key,
        conversations.last_message_at as at,
        conversations.last_text as text,
        null as message_id
    from people
    inner join app.conversations
        on
            people.store_id = conversations.store_id
            and people.customer_key = conversations.customer_key
    union all
    select
        conversations.store_id,
        conversations.channel,
        conversations.customer_key,
        conversations.last_message_at as at,
        conversations.last_text as text,
        null as message_id
    from app.conversations
    where conversations.customer_key = %(customer_key)s
    union all
    select * from numbered
),

threads as (
    select distinct on (
        matches.store_id, matches.channel, matches.customer_key
    )
        matches.store_id,
        matches.channel,
        matches.customer_key,
        matches.at,
        matches.text,
        matches.message_id
    from matches
    order by
        matches.store_id asc,
        matches.channel asc,
        matches.customer_key asc,
        matches.message_id is null asc,
        matches.at desc
)

select
    conversations.conversation_id,
    conversations.store_id,
    conversations.channel,
    conversations.state,
    conversations.state_at,
    conversations.state_reason,
    conversations.assigned_to,
    conversations.language,
    conversations.issue,
    conversations.urgency,
    threads.at as last_message_at,
    left(threads.text, 200) as last_text,
    threads.message_id as found_message,
    'customer' as last_author,
    customers.name as customer_name,
    users.name as agent_name,
    app.snoozed_until(
        conversations.last_inbound_at,
        conversations.snoozed_at,
        conversations.snoozed_until
    ) as snoozed_until,
    app.tags(conversations.conversation_id) as tags,
    app.is_unsent(conversations.conversation_id) as is_unsent
from threads
inner join app.conversations
    on
        threads.store_id = conversations.store_id
        and threads.channel = conversations.channel
        and threads.customer_key = conversations.customer_key
inner join app.customers
    on
        conversations.store_id = customers.store_id
        and conversations.customer_key = customers.customer_key
left join app.users on conversations.assigned_to = users.user_id
order by threads.at desc, conversations.conversation_id desc
limit %(limit)s
