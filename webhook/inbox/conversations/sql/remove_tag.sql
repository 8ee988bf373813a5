delete from app.conversation_tags
where
    conversation_tags.conversation_id = %(conversation_id)s
    and conversation_tags.tag = %(tag)s
