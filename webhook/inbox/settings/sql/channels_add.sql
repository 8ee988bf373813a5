insert into app.reply_channels (store_id, channel, url)
values (%(store_id)s, %(channel)s, %(url)s)
on conflict (store_id, channel) do nothing
