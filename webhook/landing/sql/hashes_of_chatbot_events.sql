select events.event_id, events.payload_hash
from raw.chatbot_events as events
where events.event_id = any(%(ids)s)
