update app.conversations set
    state = %(state)s,
    state_at = now(),
    state_reason = null,
    assigned_to = %(assigned_to)s,
    snoozed_at = null,
    snoozed_until = null,
    changed_at = now()
where conversations.conversation_id = %(conversation_id)s
