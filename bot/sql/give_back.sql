-- As the inbox gives a conversation back to the bot.
with given_back as (
    update app.conversations
    set
        state = 'bot',
        state_at = now(),
        state_reason = null,
        changed_at = now()
    where
        conversations.conversation_id = %(conversation_id)s
        and conversations.state = 'waiting'
    returning conversations.conversation_id
)

insert into app.conversation_events (conversation_id, type, occurred_at)
select
    given_back.conversation_id,
    'given_back' as type,
    %(at)s as occurred_at
from given_back
