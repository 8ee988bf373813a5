-- The replies that messages were sent as, and who wrote them.
select
    replies.message_sid as message_id,
    users.name,
    replies.kind,
    replies.reply_id,
    replies.state = 'dead'
    and not app.is_repeated(replies.reply_id) as can_send_again
from app.replies
left join app.users on replies.user_id = users.user_id
where replies.message_sid = any(%(message_ids)s)
