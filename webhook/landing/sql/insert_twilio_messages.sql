insert into raw.twilio_messages (
    message_sid,
    payload_hash,
    payload,
    account_sid,
    store_id,
    channel,
    direction,
    customer_key,
    body,
    id_key,
    received_at
)
values ('rows')
on conflict (message_sid) do nothing
returning message_sid, payload_hash
