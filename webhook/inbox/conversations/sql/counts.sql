-- Counts for the list: waiting conversations, and those of the user. Tests do
-- not count.
select
    count(*) filter (where conversations.state = 'waiting') as waiting,
    count(*) filter (
        where
        conversations.state = 'agent'
        and conversations.assigned_to = %(user_id)s
    ) as mine
from app.conversations
where
    conversations.state in ('waiting', 'agent')
    and conversations.channel <> 'kabar_test'
