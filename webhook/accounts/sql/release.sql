-- What somebody had who cannot write any more: it waits for another person, since
-- the bot is silent in it. No handover is noted, as the bot handed nothing over.
with released as (
    update app.conversations set
        state = 'waiting',
        state_at = now(),
        state_reason = 'agent_left',
        assigned_to = null,
        changed_at = now()
    where
        conversations.state = 'agent'
        and conversations.assigned_to = %(user_id)s
    returning conversations.conversation_id
)

select pg_notify('inbox', released.conversation_id::text) from released
