with stores as (
    select * from {{ ref('int_current_stores') }}
),

twilio_messages as (
    select * from {{ ref('stg_twilio_messages') }}
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

-- The current day of every shop started at most 26 hours ago. With this
-- constant the planner can estimate the rows; without, it reads whole tables.
messages as (
    {{ messages(since="now() - " ~ hours(26)) | indent }}
),

final as (
    select
        messages.store_id,
        messages.channel,
        messages.customer_key as landed_key,
        messages.author,
        messages.occurred_at
    from messages
    inner join stores on messages.store_id = stores.store_id
    where
        messages.occurred_at >= stores.day_starts_at
        and messages.occurred_at <= now()
)

select * from final
