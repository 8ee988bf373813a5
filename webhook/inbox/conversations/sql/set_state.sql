update app.conversations set
    state = %(state)s,
    state_at = now(),
    state_reason = null,
    assigned_to = %(assigned_to)s,
    changed_at = now()
where conversations.conversation_id = %(conversation_id)s
