with stores as (
    select * from {{ ref('int_current_stores') }}
),

threads_today as (
    select * from {{ ref('int_threads_today') }}
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

replies as not materialized (
    select * from {{ ref('stg_replies') }}
),

chatbot_events as not materialized (
    select * from {{ ref('stg_chatbot_events') }}
),

conversation_events as (
    select * from {{ ref('stg_conversation_events') }}
),

no_reply_messages as (
    select * from {{ ref('stg_no_reply_messages') }}
),

-- All messages of these conversations: where today's episode begins can depend
-- on older messages, however old.
events as (
    {{ conversation_events("threads_today", of_threads=true) | indent }}
),

event_positions as (
    {{ event_positions(
        "events",
        "now()",
        hours(var('episode_gap_hours')),
        days(var('waiting_days')),
        days(var('rating_days')),
    ) | indent }}
),

turns as (
    {{ turns("event_positions") | indent }}
),

final as (
    select
        turns.store_id,
        turns.channel,
        turns.customer_key,
        turns.is_first_response,
        turns.started_at,
        turns.replied_at
    from turns
    inner join stores on turns.store_id = stores.store_id
    where turns.started_at >= stores.day_starts_at
)

select * from final
