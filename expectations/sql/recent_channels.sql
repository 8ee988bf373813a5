select
    messages.channel
from raw.twilio_messages as messages
where messages.changed_at >= now() - interval '7 days'
union
select
    events.channel
from raw.chatbot_events as events
where events.received_at >= now() - interval '7 days'
