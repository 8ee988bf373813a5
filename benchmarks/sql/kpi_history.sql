-- A year of a shop's conversations: of each customer one on every few days, of
-- questions and answers. Nothing of it is random, so two histories of the same
-- size are the same; everything landed when it happened.
with customers as (
    select
        customer,
        md5('customer ' || customer) as customer_key
    from generate_series(1, %(customers)s) as customer
),

episodes as (
    select
        customers.customer,
        customers.customer_key,
        episode,
        timestamptz '2025-01-01 00:00+00'
        + make_interval(secs => 86400 * 365 * (
            mod(customers.customer * 7919 + episode * 104729, 1000003) / 1000003.0
        )) as started_at
    from customers
    cross join generate_series(1, %(episodes)s) as episode
),

messages as (
    select
        episodes.customer,
        episodes.customer_key,
        concat_ws(
            '-', 'SM', episodes.customer, episodes.episode, message
        ) as message_sid,
        case mod(message, 2) when 1 then 'inbound' else 'outbound' end as direction,
        episodes.started_at + make_interval(
            secs => message * (20 + mod(episodes.customer * message, 900))
        ) as sent_at
    from episodes
    cross join generate_series(1, %(messages)s) as message
),

landed as (
    insert into raw.twilio_messages (
        message_sid, store_id, channel, direction, customer_key, body,
        payload, payload_hash, sent_at, received_at, changed_at
    )
    select
        messages.message_sid,
        'default' as store_id,
        'whatsapp' as channel,
        messages.direction,
        messages.customer_key,
        'What was written' as body,
        jsonb_build_object('MessageSid', messages.message_sid) as payload,
        md5(messages.message_sid) as payload_hash,
        messages.sent_at,
        messages.sent_at as received_at,
        messages.sent_at as changed_at
    from messages
    where mod(messages.customer, 4) != 0
    returning message_sid
)

insert into raw.chatbot_events (
    event_id, type, occurred_at, channel, store_id, customer_key, phone_key,
    id_key, author, text, rating, payload, payload_hash, received_at
)
select
    messages.message_sid as event_id,
    'message' as type,
    messages.sent_at as occurred_at,
    'web' as channel,
    'default' as store_id,
    messages.customer_key,
    case
        when mod(messages.customer, 8) = 0 then messages.customer_key
    end as phone_key,
    md5('id ' || messages.customer_key) as id_key,
    case messages.direction when 'inbound' then 'customer' else 'bot' end
        as author,
    'What was written' as text,
    null as rating,
    '{}'::jsonb as payload,
    md5(messages.message_sid) as payload_hash,
    messages.sent_at as received_at
from messages
where mod(messages.customer, 4) = 0
union all
select
    concat_ws('-', kind.type, episodes.customer, episodes.episode) as event_id,
    kind.type,
    episodes.started_at
    + make_interval(hours => 3, secs => kind.delay) as occurred_at,
    'web' as channel,
    'default' as store_id,
    episodes.customer_key,
    case
        when mod(episodes.customer, 8) = 0 then episodes.customer_key
    end as phone_key,
    md5('id ' || episodes.customer_key) as id_key,
    null as author,
    null as text,
    case kind.type when 'rating' then 1 + mod(episodes.episode, 5) end as rating,
    '{}'::jsonb as payload,
    md5(kind.type || episodes.customer || episodes.episode) as payload_hash,
    episodes.started_at
    + make_interval(hours => 3, secs => kind.delay) as received_at
from episodes
cross join (
    values ('rating_requested', 0), ('rating', 60)
) as kind (type, delay)
where mod(episodes.customer, 4) = 0
