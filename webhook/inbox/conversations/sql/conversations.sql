-- A page of the list, newest first after a place, or in the order of `only`.
select
    conversations.conversation_id,
    conversations.store_id,
    conversations.channel,
    conversations.state,
    conversations.state_at,
    conversations.state_reason,
    conversations.assigned_to,
    conversations.language,
    conversations.issue,
    conversations.urgency,
    conversations.last_message_at,
    conversations.last_text,
    conversations.last_author,
    customers.name as customer_name,
    users.name as agent_name,
    -- nothing has got through since
    coalesce((
        select replies.state = 'dead'
        from app.replies
        where
            replies.conversation_id = conversations.conversation_id
            and replies.state in ('sent', 'dead')
        order by replies.sequence desc
        limit 1
    ), false) as is_unsent
from app.conversations
inner join app.customers
    on
        conversations.store_id = customers.store_id
        and conversations.customer_key = customers.customer_key
left join app.users on conversations.assigned_to = users.user_id
where
    (%(state)s::text is null or conversations.state = %(state)s)
    and (%(issue)s::text is null or conversations.issue = %(issue)s)
    and (%(urgency)s::text is null or conversations.urgency = %(urgency)s)
    and (%(language)s::text is null or conversations.language = %(language)s)
    and (%(store)s::text is null or conversations.store_id = %(store)s)
    and (
        %(assigned_to)s::bigint is null
        or conversations.assigned_to = %(assigned_to)s
    )
    and (conversations.channel = 'kabar_test') = %(is_test)s
    and (not %(is_unassigned)s or conversations.assigned_to is null)
    and (
        %(only)s::bigint[] is null
        or conversations.conversation_id = any(%(only)s::bigint[])
    )
    and conversations.conversation_id <> all(%(without)s::bigint[])
    and (
        %(before_at)s::timestamptz is null
        or (conversations.last_message_at, conversations.conversation_id)
        < (%(before_at)s, %(before_id)s)
    )
order by
    case
        when %(is_in_order)s
            then array_position(
                %(only)s::bigint[], conversations.conversation_id
            )
    end asc,
    conversations.last_message_at desc,
    conversations.conversation_id desc
limit %(limit)s
