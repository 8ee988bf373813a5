-- The agents who wrote messages in the inbox.
select
    replies.message_sid as message_id,
    users.name,
    replies.kind
from app.replies
left join app.users on replies.user_id = users.user_id
where replies.message_sid = any(%(message_ids)s)
