select
    conversations.conversation_id,
    conversations.store_id,
    conversations.channel,
    conversations.customer_key,
    conversations.state,
    conversations.state_at,
    conversations.state_reason,
    conversations.assigned_to,
    conversations.language,
    conversations.issue,
    conversations.urgency,
    conversations.last_inbound_at,
    customers.name as customer_name,
    app.opted_out_at(conversations.store_id, conversations.customer_key)
        as opted_out_at,
    customers.first_seen_at,
    users.name as agent_name,
    app.snoozed_until(
        conversations.last_inbound_at,
        conversations.snoozed_at,
        conversations.snoozed_until
    ) as snoozed_until,
    app.tags(conversations.conversation_id) as tags,
    coalesce(store_settings.timezone, %(default_timezone)s) as timezone,
    linked.conversation_id as linked_id,
    coalesce(linked.is_newer, false) as is_moved,
    conversations.channel = 'kabar_test'
    or conversations.address is not null
    or exists (
        select from app.reply_channels
        where
            reply_channels.store_id = conversations.store_id
            and reply_channels.channel = conversations.channel
    ) as can_reply
from app.conversations
inner join app.customers
    on
        conversations.store_id = customers.store_id
        and conversations.customer_key = customers.customer_key
left join app.users on conversations.assigned_to = users.user_id
left join app.store_settings
    on conversations.store_id = store_settings.store_id
left join lateral
    app.linked_conversation(conversations.conversation_id) as linked
    on true
where conversations.conversation_id = %(conversation_id)s
