select
    message_templates.content_sid,
    message_templates.name,
    message_templates.language,
    message_templates.body,
    message_templates.variables
from app.message_templates
where
    message_templates.store_id = %(store_id)s
    and message_templates.is_active
order by message_templates.language, message_templates.name
