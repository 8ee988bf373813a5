-- A conversation whose agent has been silent since a time waits for any agent
-- again. No handover is recorded: the bot handed nothing over.
update app.conversations
set
    state = 'waiting',
    state_at = now(),
    state_reason = %(reason)s,
    assigned_to = null,
    changed_at = now()
where
    conversations.conversation_id = %(conversation_id)s
    and conversations.state = 'agent'
    and conversations.state_at < %(silent_since)s
    and coalesce(conversations.last_reply_at < %(silent_since)s, true)
    and not exists (
        select
        from app.replies
        where
            replies.conversation_id = conversations.conversation_id
            and replies.author = 'agent'
            and replies.written_at >= %(silent_since)s
    )
returning conversations.conversation_id
