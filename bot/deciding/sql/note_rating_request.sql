insert into app.conversation_events (conversation_id, type, reply_id)
values (%(conversation_id)s, 'rating_requested', %(reply_id)s)
