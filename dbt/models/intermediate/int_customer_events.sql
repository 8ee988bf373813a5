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

chatbot_events as not materialized (
    select * from {{ ref('stg_chatbot_events') }}
),

replies as not materialized (
    select * from {{ ref('stg_replies') }}
),

conversation_events as (
    select * from {{ ref('stg_conversation_events') }}
),

no_reply_messages as (
    select * from {{ ref('stg_no_reply_messages') }}
),

message_labels as (
    select * from {{ ref('stg_message_labels') }}
),

message_sentiments as (
    select * from {{ ref('stg_message_sentiments') }}
),

label_corrections as (
    select * from {{ ref('stg_label_corrections') }}
),

events as (
    {{ conversation_events("changed_customers") | indent }}
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
        events.needs_reply,
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
        end as language,
        case
            when events.author = 'customer'
                then coalesce(message_sentiments.sentiment, 'unscored')
        end as sentiment
    from events
    left join message_labels
        on
            events.source = message_labels.source
            and events.event_id = message_labels.message_id
    left join message_sentiments
        on
            events.source = message_sentiments.source
            and events.event_id = message_sentiments.message_id
    left join label_corrections
        on
            events.source = label_corrections.source
            and events.event_id = label_corrections.message_id
)

select * from final
