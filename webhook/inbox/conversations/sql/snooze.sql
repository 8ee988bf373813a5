update app.conversations set
    snoozed_at = case when %(until)s::timestamptz is not null then now() end,
    snoozed_until = %(until)s,
    changed_at = now()
where conversations.conversation_id = %(conversation_id)s
