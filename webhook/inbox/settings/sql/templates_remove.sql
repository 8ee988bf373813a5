delete from app.message_templates
where
    message_templates.store_id = %(store_id)s
    and message_templates.content_sid = %(content_sid)s
