with waiting as (
    select
        media.message_sid,
        media.position
    from app.media
    where media.message_sid = %(message_sid)s and media.state = 'waiting'
)

select
    waiting.position,
    messages.payload
from waiting
inner join raw.twilio_messages as messages
    on waiting.message_sid = messages.message_sid
order by waiting.position
