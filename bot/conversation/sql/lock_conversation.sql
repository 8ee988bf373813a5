-- Blocks landing of messages and changes of the conversation's state.
with locked as (
    select
        conversations.state,
        conversations.store_id
    from app.conversations
    where conversations.conversation_id = %(conversation_id)s
    for update
)

select
    locked.state,
    coalesce(
        store_options.pause_seconds, app.default_pause_seconds()
    )::float8 as pause_seconds,
    coalesce(store_options.is_bot_on, true) as is_bot_on
from locked
left join app.store_options
    on locked.store_id = store_options.store_id
