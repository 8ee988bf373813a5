update raw.twilio_messages
set
    account_sid = %(account_sid)s,
    channel = %(channel)s,
    direction = %(direction)s,
    customer_key = %(customer_key)s,
    id_key = %(id_key)s,
    body = %(body)s,
    payload = %(payload)s,
    payload_hash = %(payload_hash)s,
    received_at = %(received_at)s,
    changed_at = now()
where message_sid = %(message_sid)s and payload is null
