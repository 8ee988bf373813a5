select
    statuses.message_sid,
    statuses.status
from raw.twilio_statuses as statuses
where statuses.received_at >= %(since)s
