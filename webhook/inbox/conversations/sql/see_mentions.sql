update app.note_mentions set seen_at = now()
from app.notes
where
    note_mentions.note_id = notes.note_id
    and notes.conversation_id = %(conversation_id)s
    and note_mentions.user_id = %(user_id)s
    and note_mentions.seen_at is null
