select
    'twilio' as source,
    messages.message_sid as message_id,
    messages.body as said
from raw.twilio_messages as messages
where messages.message_sid = any(%(twilio)s)

union all

select
    'chatbot' as source,
    events.event_id as message_id,
    events.text as said
from raw.chatbot_events as events
where events.event_id = any(%(chatbot)s)
