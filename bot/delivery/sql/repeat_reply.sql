-- The same reply once more, due after some seconds; the agent's, if one asks for it.
with repeated as (
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
        own_address,
        retry_of,
        next_attempt_at
    )
    select
        replies.conversation_id,
        case
            when %(user_id)s::bigint is null then replies.author else 'agent'
        end as author,
        coalesce(%(user_id)s, replies.user_id) as user_id,
        replies.decision_id,
        replies.kind,
        replies.body,
        replies.media_url,
        replies.content_sid,
        replies.content_variables,
        case when %(user_id)s::bigint is null then replies.answered end
            as answered,
        replies.own_address,
        replies.reply_id as retry_of,
        now() + make_interval(secs => %(seconds)s) as next_attempt_at
    from app.replies
    where replies.reply_id = %(reply_id)s
    returning conversation_id
)

select pg_notify('inbox', repeated.conversation_id::text)
from repeated
