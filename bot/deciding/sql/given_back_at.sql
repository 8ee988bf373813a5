-- When an agent last gave the conversation back to the bot, null for never.
select max(conversation_events.occurred_at) as given_back_at
from app.conversation_events
where
    conversation_events.conversation_id = %(conversation_id)s
    and conversation_events.type = 'given_back'
