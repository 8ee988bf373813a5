-- The newest messages: %(customers)s customers write %(messages)s messages each with
-- the bot.
insert into raw.twilio_messages (
    message_sid, store_id, channel, direction, customer_key, body,
    payload, payload_hash, sent_at, received_at
)
select
    concat_ws('-', 'SMnew', %(round)s, customer, message) as message_sid,
    'default' as store_id,
    'whatsapp' as channel,
    case mod(message, 2) when 1 then 'inbound' else 'outbound' end as direction,
    md5('customer ' || (1 + customer * 4)) as customer_key,
    'What was written' as body,
    '{}'::jsonb as payload,
    md5(concat_ws('-', %(round)s, customer, message)) as payload_hash,
    %(as_of)s - make_interval(secs => 3600 - message * 60) as sent_at,
    now() as received_at
from generate_series(1, %(customers)s) as customer
cross join generate_series(1, %(messages)s) as message
