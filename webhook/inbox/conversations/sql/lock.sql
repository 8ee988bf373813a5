-- The agent's name is looked up after the row is locked: a join in the locking
-- select would return the name from before the wait.
with conversations as materialized (
    select *
    from app.conversations
    where conversation_id = %(conversation_id)s
    for update
)

select
    conversations.conversation_id,
    conversations.store_id,
    conversations.channel,
    conversations.customer_key,
    conversations.state,
    conversations.assigned_to,
    conversations.language,
    conversations.last_inbound_at,
    app.opted_out_at(conversations.store_id, conversations.customer_key)
        as opted_out_at,
    users.name as agent_name,
    coalesce(linked.is_newer, false) as is_moved,
    conversations.channel = 'kabar_test'
    or conversations.address is not null
    or exists (
        select from app.reply_channels
        where
            reply_channels.store_id = conversations.store_id
            and reply_channels.channel = conversations.channel
    ) as can_reply
from conversations
left join app.users on conversations.assigned_to = users.user_id
left join lateral
    app.linked_conversation(conversations.conversation_id) as linked
    on true
