update app.message_templates set
    name = %(name)s,
    language = %(language)s,
    body = %(body)s,
    variables = %(variables)s::text[],
    is_active = %(is_active)s
where
    message_templates.store_id = %(store_id)s
    and message_templates.content_sid = %(content_sid)s
