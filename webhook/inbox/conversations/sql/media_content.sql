select
    media.media_type,
    media.content
from app.media
where
    media.message_sid = %(message_id)s
    and media.position = %(position)s
    and media.state = 'kept'
    and media.content is not null
