select
    reply_channels.channel,
    reply_channels.url
from app.reply_channels
where reply_channels.store_id = %(store_id)s
order by reply_channels.channel
