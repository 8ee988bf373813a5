with written as (
    insert into app.replies (
        conversation_id,
        author,
        user_id,
        decision_id,
        kind,
        body,
        media_url,
        content_sid,
        content_variables,
        answered
    )
    values (
        %(conversation_id)s,
        %(author)s,
        %(user_id)s,
        %(decision_id)s,
        %(kind)s,
        %(body)s,
        %(media_url)s,
        %(content_sid)s,
        %(content_variables)s,
        %(answered)s
    )
    returning reply_id, conversation_id
)

select
    written.reply_id,
    pg_notify('inbox', written.conversation_id::text) as notified
from written
