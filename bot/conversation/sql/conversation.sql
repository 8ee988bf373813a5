with thread as (
    select
        conversations.store_id,
        conversations.channel,
        conversations.customer_key,
        conversations.state,
        conversations.language,
        (
            select max(conversation_events.occurred_at)
            from app.conversation_events
            where
                conversation_events.conversation_id
                = conversations.conversation_id
                and conversation_events.type = 'closed'
        ) as closed_at,
        greatest(
            conversations.state_at,
            conversations.last_reply_at,
            (
                select max(replies.written_at)
                from app.replies
                where
                    replies.conversation_id = conversations.conversation_id
                    and replies.author = 'agent'
            )
        ) as attended_at
    from app.conversations
    where conversations.conversation_id = %(conversation_id)s
)

select
    thread.store_id,
    thread.channel,
    thread.customer_key,
    customers.name,
    thread.state,
    thread.language,
    thread.closed_at,
    thread.attended_at,
    app.opted_out_at(
        thread.store_id, thread.customer_key
    ) is not null as is_opted_out,
    coalesce(store_options.is_bot_on, true) as is_bot_on
from thread
inner join app.customers
    on
        thread.store_id = customers.store_id
        and thread.customer_key = customers.customer_key
left join app.store_options on thread.store_id = store_options.store_id
