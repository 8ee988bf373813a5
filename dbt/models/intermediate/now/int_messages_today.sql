with stores as (
    select * from {{ ref('int_current_stores') }}
),

twilio_messages as (
    select * from {{ ref('stg_twilio_messages') }}
),

outbound_messages as (
    select * from {{ ref('stg_outbound_messages') }}
),

chatbot_events as (
    select * from {{ ref('stg_chatbot_events') }}
),

-- The bound that every shop's day lies within is one that the planner knows
-- the share of: without it, it would read all that ever landed.
twilio_today as (
    select
        twilio_messages.store_id,
        twilio_messages.channel,
        twilio_messages.landed_key as customer_key,
        'twilio' as source,
        twilio_messages.message_id as event_id,
        case
            when twilio_messages.direction = 'inbound' then 'customer'
            else coalesce(
                -- a join would read all that was ever sent
                (
                    select outbound_messages.author
                    from outbound_messages
                    where
                        outbound_messages.message_id
                        = twilio_messages.message_id
                ),
                'bot'
            )
        end as author,
        twilio_messages.occurred_at
    from twilio_messages
    inner join stores on twilio_messages.store_id = stores.store_id
    where
        twilio_messages.occurred_at > now() - {{ hours(26) }}
        and twilio_messages.occurred_at >= stores.day_starts_at
        and twilio_messages.occurred_at <= now()
),

chatbot_today as (
    select
        chatbot_events.store_id,
        chatbot_events.channel,
        chatbot_events.landed_key as customer_key,
        'chatbot' as source,
        chatbot_events.event_id,
        chatbot_events.author,
        chatbot_events.occurred_at
    from chatbot_events
    inner join stores on chatbot_events.store_id = stores.store_id
    where
        chatbot_events.event_type = 'message'
        and chatbot_events.occurred_at > now() - {{ hours(26) }}
        and chatbot_events.occurred_at >= stores.day_starts_at
        and chatbot_events.occurred_at <= now()
),

final as (
    select * from twilio_today
    union all
    select * from chatbot_today
)

select * from final
