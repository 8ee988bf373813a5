insert into raw.chatbot_events (
    event_id,
    payload_hash,
    payload,
    type,
    occurred_at,
    channel,
    store_id,
    customer_key,
    id_key,
    author,
    text,
    answered
)
values (
    %(message_id)s,
    %(hash)s,
    %(record)s,
    'message',
    %(at)s,
    %(channel)s,
    %(store_id)s,
    %(customer_key)s,
    %(customer_key)s,
    %(author)s,
    coalesce(%(body)s, ''),
    case when %(author)s = 'bot' then %(answered)s::boolean end
)
on conflict (event_id) do nothing
