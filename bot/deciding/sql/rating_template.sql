-- Without variables, which could not be filled in here.
select message_templates.content_sid
from app.message_templates
inner join app.conversations
    on message_templates.store_id = conversations.store_id
where
    conversations.conversation_id = %(conversation_id)s
    and conversations.channel = 'whatsapp'
    and message_templates.name = %(name)s
    and message_templates.language = %(language)s
    and message_templates.is_active
    and cardinality(message_templates.variables) = 0
order by message_templates.content_sid
limit 1
