select messages.message_sid, messages.payload_hash
from raw.twilio_messages as messages
where messages.message_sid = any(%(ids)s)
