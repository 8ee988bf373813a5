-- The conversations in which a customer waits, the longest wait first, and since
-- when. `is_for_agents`: the bot will not answer.
select
    waiting_conversations.conversation_id,
    waiting_conversations.waits_since,
    conversations.state <> 'bot' as is_for_agents
from app.waiting_conversations() as waiting_conversations
inner join app.conversations
    on
        waiting_conversations.conversation_id
        = conversations.conversation_id
order by
    waiting_conversations.waits_since asc,
    waiting_conversations.conversation_id asc
