insert into raw.chatbot_events (
    event_id,
    payload_hash,
    payload,
    type,
    occurred_at,
    channel,
    store_id,
    customer_key,
    phone_key,
    id_key,
    email_key,
    author,
    text,
    answered,
    needs_reply,
    rating
)
values ('rows')
on conflict (event_id) do nothing
returning event_id, payload_hash
