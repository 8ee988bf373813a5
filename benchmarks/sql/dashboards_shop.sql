-- What the history of conversations lacks for every card: a label for each
-- customer's message, and a shop with %(orders)s orders over the same year, some
-- refunded. Nothing of it is random.
insert into app.stores (
    store_id, timezone, currency, date_type, excluded_statuses, connected_at
)
values (
    'default', 'Asia/Jakarta', 'IDR', 'date_paid',
    array['pending', 'failed', 'cancelled'], timestamptz '2025-01-01 00:00+00'
)
on conflict (store_id) do update set connected_at = excluded.connected_at;

insert into ml.models (
    model_version, base_model, onnx, tokenizer, configuration, metrics
)
values ('benchmark', 'none', '', '{}', '{}', '{}');

with messages as (
    select
        'twilio' as source,
        twilio_messages.message_sid as message_id
    from raw.twilio_messages
    where twilio_messages.direction = 'inbound'
    union all
    select
        'chatbot' as source,
        chatbot_events.event_id as message_id
    from raw.chatbot_events
    where chatbot_events.author = 'customer'
),

numbered as (
    select
        messages.source,
        messages.message_id,
        abs(hashtext(messages.message_id)) as number
    from messages
)

insert into ml.message_labels (
    source, message_id, issue, issue_probability, urgency,
    urgency_probability, language, model_version
)
select
    numbered.source,
    numbered.message_id,
    (array['delivery', 'order', 'payment', 'refund', 'other'])[
        1 + mod(numbered.number, 5)
    ] as issue,
    0.9 as issue_probability,
    (array['low', 'normal', 'high'])[1 + mod(numbered.number, 3)] as urgency,
    0.9 as urgency_probability,
    case when mod(numbered.number, 7) = 0 then 'en' else 'id' end as language,
    'benchmark' as model_version
from numbered;

with orders as (
    select
        number,
        timestamp '2025-01-01 00:00' + make_interval(
            secs => 86400 * 365 * (mod(number * 7919, 1000003) / 1000003.0)
        ) as paid_gmt,
        100000 + 1000 * mod(number, 400) as net
    from generate_series(1, %(orders)s) as number
)

insert into raw.woocommerce_orders (
    store_id, id, status, customer_id, phone_key, created_at, modified_at, body,
    asked_at
)
select
    'default' as store_id,
    10 * orders.number as id,
    'completed' as status,
    0 as customer_id,
    md5('customer ' || mod(orders.number, 40000)) as phone_key,
    orders.paid_gmt at time zone 'UTC' as created_at,
    orders.paid_gmt at time zone 'UTC' as modified_at,
    jsonb_build_object(
        'currency', 'IDR',
        'created_via', 'checkout',
        'payment_method',
        (array['bacs', 'cod', 'midtrans'])[1 + mod(orders.number, 3)],
        'date_created', orders.paid_gmt + interval '7 hours',
        'date_created_gmt', orders.paid_gmt,
        'date_paid', orders.paid_gmt + interval '7 hours',
        'date_paid_gmt', orders.paid_gmt,
        'total', (orders.net + 15000)::text,
        'total_tax', '0',
        'shipping_total', '15000',
        'line_items', jsonb_build_array(jsonb_build_object(
            'id', 1, 'name', 'Kopi ' || mod(orders.number, 50),
            'product_id', mod(orders.number, 50), 'quantity', 1,
            'total', orders.net::text, 'total_tax', '0'
        ))
    ) as body,
    timestamptz '2026-01-01 00:00+00' as asked_at
from orders;

insert into raw.woocommerce_refunds (
    store_id, id, order_id, created_at, body, asked_at
)
select
    orders.store_id,
    orders.id + 1 as id,
    orders.id as order_id,
    orders.created_at + interval '10 minutes' as created_at,
    jsonb_build_object(
        'id', orders.id + 1,
        'parent_id', orders.id,
        'amount', '10000',
        'date_created', (orders.created_at + interval '430 minutes')::timestamp,
        'date_created_gmt',
        (orders.created_at + interval '10 minutes')::timestamp,
        'line_items', '[]'::jsonb
    ) as body,
    orders.asked_at
from raw.woocommerce_orders as orders
where mod(orders.id, 100) = 0
