select
    message_templates.content_sid,
    message_templates.name,
    message_templates.language,
    message_templates.body,
    message_templates.variables,
    message_templates.is_active
from app.message_templates
where
    message_templates.store_id = %(store_id)s
    and (
        %(content_sid)s::text is null
        or message_templates.content_sid = %(content_sid)s
    )
order by message_templates.name, message_templates.language
