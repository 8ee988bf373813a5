-- The number of the user's conversations. Tests do not count.
select count(*) as mine
from app.conversations
where
    conversations.state = 'agent'
    and conversations.assigned_to = %(user_id)s
    and conversations.channel <> 'kabar_test'
