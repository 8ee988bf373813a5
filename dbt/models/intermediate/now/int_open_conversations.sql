with conversation_states as (
    select * from {{ ref('stg_conversation_states') }}
),

twilio_failures as (
    select * from {{ ref('stg_twilio_failures') }}
),

twilio_messages as not materialized (
    select * from {{ ref('stg_twilio_messages') }}
),

twilio_statuses as (
    select * from {{ ref('stg_twilio_statuses') }}
),

outbound_messages as (
    select * from {{ ref('stg_outbound_messages') }}
),

replies as not materialized (
    select * from {{ ref('stg_replies') }}
),

chatbot_events as not materialized (
    select * from {{ ref('stg_chatbot_events') }}
),

conversation_events as not materialized (
    select * from {{ ref('stg_conversation_events') }}
),

no_reply_messages as (
    select * from {{ ref('stg_no_reply_messages') }}
),

final as (
    {{ open_conversations(
        hours(var('episode_gap_hours')),
        days(var('waiting_days')),
        days(var('rating_days')),
    ) | indent }}
)

select * from final
