with twilio_messages as (
    select * from {{ source('raw', 'twilio_messages') }}
),

chatbot_events as (
    select * from {{ source('raw', 'chatbot_events') }}
),

final as (
    select
        'twilio' as source,
        twilio_messages.message_sid as message_id,
        twilio_messages.body as text
    from twilio_messages
    where twilio_messages.direction = 'inbound'

    union all

    select
        'chatbot' as source,
        chatbot_events.event_id as message_id,
        chatbot_events.text
    from chatbot_events
    where
        chatbot_events.type = 'message'
        and chatbot_events.author = 'customer'
)

select * from final
