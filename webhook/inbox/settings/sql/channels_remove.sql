delete from app.reply_channels
where
    reply_channels.store_id = %(store_id)s
    and reply_channels.channel = %(channel)s
