insert into app.conversation_events (conversation_id, type, user_id, reason)
values (%(conversation_id)s, %(type)s, %(user_id)s, %(reason)s)
