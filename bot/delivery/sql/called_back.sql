select statuses.message_sid
from raw.twilio_statuses as statuses
where
    statuses.reply_id = %(reply_id)s
    and statuses.received_at > %(sending_at)s - interval '1 minute'
order by statuses.received_at
limit 1
