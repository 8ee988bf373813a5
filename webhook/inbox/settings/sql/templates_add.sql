insert into app.message_templates (
    content_sid, store_id, name, language, body, variables, is_active
)
values (
    %(content_sid)s, %(store_id)s, %(name)s, %(language)s, %(body)s,
    %(variables)s::text[], %(is_active)s
)
