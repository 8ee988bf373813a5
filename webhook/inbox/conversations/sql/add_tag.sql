insert into app.conversation_tags (conversation_id, tag, tagged_by)
values (%(conversation_id)s, %(tag)s, %(user_id)s)
on conflict do nothing
