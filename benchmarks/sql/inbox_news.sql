-- A group of new messages, as the webhook lands them.
insert into raw.twilio_messages (
    message_sid, store_id, channel, direction, customer_key, body, payload,
    payload_hash, received_at
)
select
    'SMnews' || %(batch)s || '-' || place as message_sid,
    'default' as store_id,
    'whatsapp' as channel,
    'inbound' as direction,
    md5('customer ' || (%(batch)s * 7 + place * 31)) as customer_key,
    'halo kak pesanan nomor ' || (%(batch)s * 100 + place)
    || ' belum sampai, tolong dicek kapan dikirim ya' as body,
    jsonb_build_object(
        'From', 'whatsapp:+62811000000001', 'ProfileName', 'Siti'
    ) as payload,
    'hash' as payload_hash,
    now() as received_at
from generate_series(1, %(messages)s) as place
