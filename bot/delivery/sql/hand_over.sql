with handed_over as (
    update app.conversations
    set
        state = 'waiting',
        state_at = now(),
        state_reason = %(reason)s,
        changed_at = now()
    where
        conversation_id = %(conversation_id)s
        and state in ('bot', 'closed')
    returning conversation_id, state_reason
)

insert into app.conversation_events (conversation_id, type, reason)
select
    handed_over.conversation_id,
    'handover' as type,
    handed_over.state_reason
from handed_over
