-- Customers %(first)s to %(last)s with their messages over a year, labels,
-- orders and states. The first customer wrote a thousand times as much.
with customers as (
    select
        number,
        md5('customer ' || number) as customer_key,
        (array['Siti', 'Budi', 'Ani', 'Dewi', 'Agus', 'Rina', 'John', 'Emma'])[
            1 + mod(number, 8)
        ] || ' ' || number as name
    from generate_series(%(first)s::int, %(last)s::int) as number
),

words as (
    select array[
        'kak', 'pesanan', 'sampai', 'belum', 'kapan', 'kopi', 'gayo', 'tolong',
        'sudah', 'transfer', 'bayar', 'kirim', 'paket', 'alamat', 'halo',
        'terima', 'kasih', 'order', 'where', 'refund', 'stok', 'harga', 'warna',
        'ukuran', 'promo', 'diskon', 'rusak', 'tukar', 'resi', 'kurir'
    ] as word
),

messages as (
    select
        customers.*,
        place,
        now() - interval '20 days'
        - (random() * 345 * interval '1 day') as at,
        case when mod(place, 2) = 0 then 'inbound' else 'outbound' end as direction,
        words.word[1 + (random() * 29)::int] || ' '
        || words.word[1 + (random() * 29)::int] || ' '
        || words.word[1 + (random() * 29)::int] || ' '
        || words.word[1 + (random() * 29)::int] || ' nomor '
        || (random() * 100000)::int
        || case when random() < 0.001 then ' jeruk' else '' end as body
    from customers, words, generate_series(
        1, %(messages)s * case when customers.number = 0 then 1000 else 1 end
    ) as place
),

landed as (
    insert into raw.twilio_messages (
        message_sid, store_id, channel, direction, customer_key, body, payload,
        payload_hash, record, sent_at, received_at
    )
    select
        'SM' || md5(messages.number || ' ' || messages.place) as message_sid,
        'default' as store_id,
        'whatsapp' as channel,
        messages.direction,
        messages.customer_key,
        messages.body,
        case when messages.direction = 'inbound' then jsonb_build_object(
            'From', 'whatsapp:+62811' || lpad(messages.number::text, 9, '0'),
            'ProfileName', messages.name, 'NumMedia', '0'
        ) end as payload,
        'hash' as payload_hash,
        case when messages.direction = 'outbound' then jsonb_build_object(
            'status', 'delivered',
            'to', 'whatsapp:+62811' || lpad(messages.number::text, 9, '0')
        ) end as record,
        messages.at as sent_at,
        messages.at as received_at
    from messages
    order by messages.number, messages.place
    returning message_sid, direction
),

model as (
    insert into ml.models (
        model_version, base_model, onnx, tokenizer, configuration, metrics
    )
    values ('benchmark', 'none', '', '{}', '{}', '{}')
    on conflict (model_version) do update set base_model = 'none'
    returning model_version
),

labelled as (
    insert into ml.message_labels (
        source, message_id, issue, issue_probability, urgency,
        urgency_probability, language, model_version
    )
    select
        'twilio' as source,
        landed.message_sid,
        (array['delivery', 'order', 'payment', 'refund', 'other'])[
            1 + (random() * 4)::int
        ] as issue,
        0.9 as issue_probability,
        (array['low', 'normal', 'high'])[1 + (random() * 2)::int] as urgency,
        0.9 as urgency_probability,
        'id' as language,
        model.model_version
    from landed, model
    where landed.direction = 'inbound'
)

insert into raw.woocommerce_orders (
    store_id, id, status, customer_id, phone_key, created_at, modified_at, body,
    asked_at
)
select
    'default' as store_id,
    customers.number * 3 + place as id,
    'completed' as status,
    0 as customer_id,
    customers.customer_key as phone_key,
    now() - random() * interval '1 year' as created_at,
    now() as modified_at,
    jsonb_build_object(
        'number', (customers.number * 3 + place)::text, 'currency', 'IDR',
        'total', '185000.00', 'line_items', jsonb_build_array(
            jsonb_build_object('name', 'Kopi Gayo 250 g', 'quantity', 2)
        )
    ) as body,
    now() as asked_at
from customers, generate_series(0, mod(customers.number, 3)) as place;

update app.conversations set
    state = case
        when mod(conversations.conversation_id, 500) = 0 then 'waiting'
        when mod(conversations.conversation_id, 50) = 0 then 'closed'
        else 'bot'
    end,
    issue = (array['delivery', 'order', 'payment', 'refund', 'other'])[
        1 + mod(conversations.conversation_id, 5)
    ],
    urgency = (array['low', 'normal', 'normal', 'normal', 'high'])[
        1 + mod(mod(conversations.conversation_id, 7), 5)
    ],
    language = case
        when mod(conversations.conversation_id, 9) = 0 then 'en' else 'id'
    end
where conversations.issue is null;
