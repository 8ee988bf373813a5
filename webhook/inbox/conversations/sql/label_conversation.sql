-- The list shows the label of the newest message about an issue, or of a newer
-- one that was corrected.
update app.conversations set
    issue = %(issue)s,
    urgency = %(urgency)s,
    labelled_at = %(occurred_at)s,
    changed_at = now()
where
    conversations.conversation_id = %(conversation_id)s
    and %(occurred_at)s >= coalesce(conversations.labelled_at, '-infinity')
