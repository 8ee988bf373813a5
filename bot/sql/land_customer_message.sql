-- As the webhook lands a WhatsApp message, of a customer without an address.
insert into raw.twilio_messages (
    message_sid,
    store_id,
    channel,
    direction,
    customer_key,
    body,
    payload,
    received_at
)
values (
    %(message_id)s,
    %(store_id)s,
    'whatsapp',
    'inbound',
    %(customer_key)s,
    %(text)s,
    '{}',
    %(at)s
)
