-- Replies that are not sent yet, in sending order.
select
    replies.reply_id,
    replies.author,
    replies.kind,
    replies.body,
    replies.media_url,
    replies.content_sid,
    replies.state,
    replies.error_code,
    replies.attempts,
    replies.written_at,
    users.name,
    message_templates.body as template_body,
    replies.content_variables
from app.replies
left join app.users on replies.user_id = users.user_id
left join app.message_templates
    on replies.content_sid = message_templates.content_sid
where
    replies.conversation_id = %(conversation_id)s
    and replies.state in ('written', 'sending', 'dead', 'dropped')
    -- what was accepted and failed later is shown as a message
    and replies.message_sid is null
    and replies.written_at > coalesce(%(since)s, '-infinity'::timestamptz)
order by replies.sequence desc
limit 50
