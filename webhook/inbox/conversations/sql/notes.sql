-- Notes between two times, as events are read.
select
    notes.note_id,
    notes.text,
    notes.written_at,
    users.name
from app.notes
inner join app.users on notes.user_id = users.user_id
where
    notes.conversation_id = %(conversation_id)s
    and notes.written_at >= coalesce(%(since)s, '-infinity'::timestamptz)
    and notes.written_at < coalesce(%(until)s, 'infinity'::timestamptz)
order by notes.written_at, notes.note_id
limit 200
