{{
    config(
        indexes=[{"columns": ["customer_key"]}],
        post_hook="analyze {{ this }}",
    )
}}

with changed_customers as not materialized (
    select * from {{ ref('int_changed_customers') }}
),

twilio_messages as (
    select * from {{ ref('stg_twilio_messages') }}
),

twilio_statuses as (
    select * from {{ ref('stg_twilio_statuses') }}
),

outbound_messages as (
    select * from {{ ref('stg_outbound_messages') }}
),

chatbot_events as (
    select * from {{ ref('stg_chatbot_events') }}
),

replies as (
    select * from {{ ref('stg_replies') }}
),

conversation_events as (
    select * from {{ ref('stg_conversation_events') }}
),

message_labels as (
    select * from {{ ref('stg_message_labels') }}
),

label_corrections as (
    select * from {{ ref('stg_label_corrections') }}
),

own_events as (
    select
        conversation_events.store_id,
        changed_customers.customer_key,
        conversation_events.channel,
        'conversation' as source,
        conversation_events.event_id,
        conversation_events.event_type,
        null as author,
        conversation_events.occurred_at,
        false as is_failed,
        null::boolean as is_answered,
        conversation_events.rating,
        conversation_events.message_id
    from changed_customers
    inner join conversation_events
        on changed_customers.landed_key = conversation_events.landed_key
),

rating_messages as (
    select distinct own_events.message_id
    from own_events
    where own_events.event_type in ('rating_requested', 'rating')
),

twilio_events as (
    select
        twilio_messages.store_id,
        changed_customers.customer_key,
        twilio_messages.channel,
        'twilio' as source,
        twilio_messages.message_id as event_id,
        'message' as event_type,
        case
            when twilio_messages.direction = 'inbound' then 'customer'
            else coalesce(outbound_messages.author, 'bot')
        end as author,
        twilio_messages.occurred_at,
        coalesce(current_status.is_failed, false) as is_failed,
        replies.is_answered,
        null::smallint as rating,
        replies.kind as reply_kind
    from changed_customers
    inner join twilio_messages
        on changed_customers.landed_key = twilio_messages.landed_key
    left join outbound_messages
        on twilio_messages.message_id = outbound_messages.message_id
    left join replies
        on twilio_messages.message_id = replies.message_id
    -- lateral, so that only these messages' callbacks are ranked
    left join lateral (
        select twilio_statuses.is_failed
        from twilio_statuses
        where
            twilio_statuses.message_id = twilio_messages.message_id
            and twilio_messages.direction = 'outbound'
    ) as current_status on true
),

other_events as (
    select
        chatbot_events.store_id,
        changed_customers.customer_key,
        chatbot_events.channel,
        'chatbot' as source,
        chatbot_events.event_id,
        chatbot_events.event_type,
        chatbot_events.author,
        chatbot_events.occurred_at,
        false as is_failed,
        coalesce(chatbot_events.is_answered, replies.is_answered)
            as is_answered,
        chatbot_events.rating,
        replies.kind as reply_kind
    from changed_customers
    inner join chatbot_events
        on changed_customers.landed_key = chatbot_events.landed_key
    left join replies
        on chatbot_events.event_id = replies.message_id
),

landed_events as (
    select * from twilio_events
    union all
    select * from other_events
),

events as (
    select
        landed_events.store_id,
        landed_events.customer_key,
        landed_events.channel,
        landed_events.source,
        landed_events.event_id,
        case
            when
                landed_events.event_type = 'message'
                -- who thanks for a rating says nothing about what was rated
                and (
                    rating_messages.message_id is not null
                    or landed_events.reply_kind = 'thanks'
                )
                then 'rating_message'
            else landed_events.event_type
        end as event_type,
        landed_events.author,
        landed_events.occurred_at,
        landed_events.is_failed,
        landed_events.is_answered,
        landed_events.rating
    from landed_events
    left join rating_messages
        on landed_events.event_id = rating_messages.message_id

    union all

    select
        own_events.store_id,
        own_events.customer_key,
        own_events.channel,
        own_events.source,
        own_events.event_id,
        own_events.event_type,
        own_events.author,
        own_events.occurred_at,
        own_events.is_failed,
        own_events.is_answered,
        own_events.rating
    from own_events
),

final as (
    select
        events.store_id,
        events.customer_key,
        events.channel,
        events.source,
        events.event_id,
        events.event_type,
        events.author,
        events.occurred_at,
        events.is_failed,
        events.is_answered,
        events.rating,
        case
            when events.author = 'customer'
                then coalesce(
                    label_corrections.issue,
                    message_labels.issue,
                    'unlabelled'
                )
        end as issue,
        case
            when events.author = 'customer'
                then coalesce(
                    label_corrections.urgency,
                    message_labels.urgency,
                    'unlabelled'
                )
        end as urgency,
        case
            when events.author = 'customer'
                then coalesce(message_labels.language, 'unlabelled')
        end as language
    from events
    left join message_labels
        on
            events.source = message_labels.source
            and events.event_id = message_labels.message_id
    left join label_corrections
        on
            events.source = label_corrections.source
            and events.event_id = label_corrections.message_id
)

select * from final
