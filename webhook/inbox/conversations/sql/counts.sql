-- The number of the user's conversations, and of those in which a note that they
-- have not seen mentions them. Tests do not count.
select
    count(*) as mine,
    (
        select count(distinct notes.conversation_id)
        from app.note_mentions
        inner join app.notes on note_mentions.note_id = notes.note_id
        inner join app.conversations as mentioned
            on notes.conversation_id = mentioned.conversation_id
        where
            note_mentions.user_id = %(user_id)s
            and note_mentions.seen_at is null
            and mentioned.channel <> 'kabar_test'
    ) as mentions
from app.conversations
where
    conversations.state = 'agent'
    and conversations.assigned_to = %(user_id)s
    and conversations.channel <> 'kabar_test'
