-- The latest rating request before a message, if it was sent or is being sent,
-- is at most seven days old and has no rating yet.
with latest as (
    select
        conversation_events.conversation_id,
        conversation_events.occurred_at
    from app.conversation_events
    left join app.replies
        on conversation_events.reply_id = replies.reply_id
    where
        conversation_events.conversation_id = %(conversation_id)s
        and conversation_events.type = 'rating_requested'
        and conversation_events.occurred_at <= %(rated_at)s
        and coalesce(replies.state, 'sent') not in ('dead', 'dropped')
    order by conversation_events.occurred_at desc
    limit 1
)

select latest.occurred_at
from latest
where
    latest.occurred_at >= %(rated_at)s - interval '7 days'
    and not exists (
        select 1
        from app.conversation_events
        where
            conversation_events.conversation_id = latest.conversation_id
            and conversation_events.type = 'rating'
            and conversation_events.occurred_at >= latest.occurred_at
    )
