insert into app.notes (conversation_id, user_id, text)
values (%(conversation_id)s, %(user_id)s, %(text)s)
returning note_id
