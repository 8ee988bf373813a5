-- The account's messages of the last two days, in order, each with Twilio's
-- record or the form of its webhook.
select
    twilio_messages.message_sid,
    coalesce(twilio_messages.sent_at, twilio_messages.received_at) as at,
    twilio_messages.record,
    twilio_messages.payload
from raw.twilio_messages
where
    twilio_messages.account_sid = %(account_sid)s
    and coalesce(twilio_messages.sent_at, twilio_messages.received_at)
    > now() - interval '2 days'
    and (
        twilio_messages.record ? 'date_created'
        or twilio_messages.payload ? 'From'
    )
order by
    coalesce(twilio_messages.sent_at, twilio_messages.received_at),
    twilio_messages.message_sid
