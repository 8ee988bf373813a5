-- Conversations of a user who can no longer reply wait for another agent, as the
-- bot is paused in them. No handover is recorded: the bot handed nothing over.
with released as (
    update app.conversations set
        state = 'waiting',
        state_at = now(),
        state_reason = 'agent_left',
        assigned_to = null,
        snoozed_at = null,
        snoozed_until = null,
        changed_at = now()
    where
        conversations.state = 'agent'
        and conversations.assigned_to = %(user_id)s
    returning conversations.conversation_id
)

select pg_notify('inbox', released.conversation_id::text) from released
