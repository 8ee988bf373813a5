select
    media.message_sid as message_id,
    media.position,
    media.media_type,
    media.state,
    media.reason
from app.media
where media.message_sid = any(%(message_ids)s)
order by media.message_sid, media.position
