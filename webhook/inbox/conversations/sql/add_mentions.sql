insert into app.note_mentions (note_id, user_id)
select
    notes.note_id,
    users.user_id
from app.notes, app.users
where
    notes.note_id = %(note_id)s
    and users.user_id = any(%(user_ids)s::bigint[])
