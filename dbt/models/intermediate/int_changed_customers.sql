{{
    config(
        indexes=[{"columns": ["landed_key"], "unique": true}],
        post_hook="analyze {{ this }}",
    )
}}

with recursive twilio_messages as not materialized (
    select * from {{ ref('stg_twilio_messages') }}
),

twilio_callbacks as (
    select * from {{ ref('stg_twilio_callbacks') }}
),

chatbot_events as not materialized (
    select * from {{ ref('stg_chatbot_events') }}
),

outbound_messages as (
    select * from {{ ref('stg_outbound_messages') }}
),

message_labels as not materialized (
    select * from {{ ref('stg_message_labels') }}
),

message_sentiments as not materialized (
    select * from {{ ref('stg_message_sentiments') }}
),

conversation_events as not materialized (
    select * from {{ ref('stg_conversation_events') }}
),

replies as not materialized (
    select * from {{ ref('stg_replies') }}
),

no_reply_messages as (
    select * from {{ ref('stg_no_reply_messages') }}
),

label_corrections as (
    select * from {{ ref('stg_label_corrections') }}
),

identity_pairs as (
    select * from {{ ref('int_identity_pairs') }}
),

changed_labels as (
    select
        message_labels.source,
        message_labels.message_id
    from message_labels
    where message_labels.landed_at >= {{ changed_since() }}

    union

    select
        message_sentiments.source,
        message_sentiments.message_id
    from message_sentiments
    where message_sentiments.landed_at >= {{ changed_since() }}

    union

    select
        label_corrections.source,
        label_corrections.message_id
    from label_corrections
    where label_corrections.landed_at >= {{ changed_since() }}
),

changed_messages as (
    select twilio_callbacks.message_id
    from twilio_callbacks
    where twilio_callbacks.landed_at >= {{ changed_since() }}

    union

    select outbound_messages.message_id
    from outbound_messages
    where outbound_messages.landed_at >= {{ changed_since() }}

    union

    select replies.message_id
    from replies
    where replies.landed_at >= {{ changed_since() }}

    union

    select changed_labels.message_id
    from changed_labels
    where changed_labels.source = 'twilio'
),

-- nothing landed, but the passing of time changes something
due_events as (
    select twilio_messages.landed_key
    from twilio_messages
    where {{ has_come_due("twilio_messages.occurred_at") | indent }}

    union all

    -- an event whose clock is ahead is dated by when it landed
    select chatbot_events.landed_key
    from chatbot_events
    where
        {{ has_come_due("chatbot_events.occurred_at") | indent }}
        or (
            chatbot_events.occurred_at > chatbot_events.landed_at
            and {{ has_come_due("chatbot_events.landed_at") | indent }}
        )

    union all

    select conversation_events.landed_key
    from conversation_events
    where {{ has_come_due("conversation_events.occurred_at") | indent }}
),

touched as (
    select twilio_messages.landed_key
    from twilio_messages
    where twilio_messages.landed_at >= {{ changed_since() }}

    union

    select twilio_messages.landed_key
    from changed_messages
    inner join twilio_messages
        on changed_messages.message_id = twilio_messages.message_id

    union

    select chatbot_events.landed_key
    from chatbot_events
    where chatbot_events.landed_at >= {{ changed_since() }}

    union

    select chatbot_events.landed_key
    from changed_labels
    inner join chatbot_events
        on changed_labels.message_id = chatbot_events.event_id
    where changed_labels.source = 'chatbot'

    union

    select chatbot_events.landed_key
    from replies
    inner join chatbot_events
        on replies.message_id = chatbot_events.event_id
    where replies.landed_at >= {{ changed_since() }}

    union

    select conversation_events.landed_key
    from conversation_events
    where conversation_events.landed_at >= {{ changed_since() }}

    union

    select no_reply_messages.landed_key
    from no_reply_messages
    where no_reply_messages.landed_at >= {{ changed_since() }}

    union

    select due_events.landed_key
    from due_events
),

seen_pairs as (
    select
        identity_pairs.phone_key,
        identity_pairs.id_key
    from identity_pairs
    where identity_pairs.first_seen_at <= {{ as_of() }}
),

links as (
    select
        seen_pairs.phone_key as from_key,
        seen_pairs.id_key as to_key
    from seen_pairs

    union all

    select
        seen_pairs.id_key as from_key,
        seen_pairs.phone_key as to_key
    from seen_pairs
),

-- every key that is connected with a touched one by numbers and ids
reached (origin_key, landed_key) as (
    select
        touched.landed_key as origin_key,
        touched.landed_key
    from touched

    union

    select
        reached.origin_key,
        links.to_key as landed_key
    from reached
    inner join links on reached.landed_key = links.from_key
),

-- a customer with a number is known by the smallest of their numbers' keys
customers as (
    select
        reached.origin_key,
        coalesce(
            min(seen_pairs.phone_key), reached.origin_key
        ) as customer_key
    from reached
    left join seen_pairs on reached.landed_key = seen_pairs.phone_key
    group by reached.origin_key
),

final as (
    select distinct
        reached.landed_key,
        customers.customer_key
    from reached
    inner join customers on reached.origin_key = customers.origin_key
)

select * from final
