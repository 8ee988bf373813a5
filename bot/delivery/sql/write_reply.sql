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
        answered,
        own_address
    )
    select
        conversations.conversation_id,
        %(author)s::text as author,
        %(user_id)s::bigint as user_id,
        %(decision_id)s::uuid as decision_id,
        %(kind)s::text as kind,
        %(body)s::text as body,
        %(media_url)s::text as media_url,
        %(content_sid)s::text as content_sid,
        %(content_variables)s::jsonb as content_variables,
        %(answered)s::boolean as answered,
        coalesce(%(own_address)s, conversations.own_address) as own_address
    from app.conversations
    where conversations.conversation_id = %(conversation_id)s
    returning reply_id, conversation_id
)

select
    written.reply_id,
    pg_notify('inbox', written.conversation_id::text) as notified
from written
