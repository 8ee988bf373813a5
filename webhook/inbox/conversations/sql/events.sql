select
    conversation_events.event_id,
    conversation_events.type,
    conversation_events.rating,
    conversation_events.reason,
    conversation_events.occurred_at,
    users.name
from app.conversation_events
left join app.users on conversation_events.user_id = users.user_id
where
    conversation_events.conversation_id = %(conversation_id)s
    -- its messages show it
    and conversation_events.type != 'survey'
    and conversation_events.occurred_at
    >= coalesce(%(since)s, '-infinity'::timestamptz)
    and conversation_events.occurred_at
    < coalesce(%(until)s, 'infinity'::timestamptz)
order by conversation_events.occurred_at, conversation_events.event_id
limit 200
