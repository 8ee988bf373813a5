insert into app.media (message_sid, position, media_type)
values (%(message_sid)s, %(position)s, %(media_type)s)
on conflict do nothing
returning message_sid
