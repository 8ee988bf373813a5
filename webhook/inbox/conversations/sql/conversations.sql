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
    app.snoozed_until(
        conversations.last_inbound_at,
        conversations.snoozed_at,
        conversations.snoozed_until
    ) as snoozed_until,
    app.tags(conversations.conversation_id) as tags,
    app.is_unsent(conversations.conversation_id) as is_unsent
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
    and (%(channel)s::text is null or conversations.channel = %(channel)s)
    and (
        %(since)s::timestamptz is null
        or conversations.last_message_at >= %(since)s
    )
    and (
        %(until)s::timestamptz is null
        or conversations.last_message_at < %(until)s
    )
    and (
        %(tag)s::text is null
        or conversations.conversation_id in (
            select conversation_tags.conversation_id
            from app.conversation_tags
            where conversation_tags.tag = %(tag)s
        )
    )
    and (
        not %(is_snoozed)s
        or (
            conversations.snoozed_until is not null
            and app.snoozed_until(
                conversations.last_inbound_at,
                conversations.snoozed_at,
                conversations.snoozed_until
            ) is not null
        )
    )
    and (
        %(mentioned)s::bigint is null
        or conversations.conversation_id in (
            select notes.conversation_id
            from app.note_mentions
            inner join app.notes on note_mentions.note_id = notes.note_id
            where note_mentions.user_id = %(mentioned)s
        )
    )
    and (
        not %(is_unhappy)s
        or conversations.conversation_id in (
            select unhappy_conversations.conversation_id
            from app.unhappy_conversations
        )
    )
    -- the last message is a customer's that needs a reply, or they wait
    and (
        not %(is_unanswered)s
        or (
            %(waiting)s::bigint[] is not null
            and conversations.conversation_id = any(%(waiting)s::bigint[])
        )
        or (
            conversations.last_author = 'customer'
            and not exists (
                select
                from app.bot_decisions
                where
                    bot_decisions.conversation_id
                    = conversations.conversation_id
                    and bot_decisions.outcome = 'silent'
                    and bot_decisions.name <> 'guard'
                    and bot_decisions.decided_at
                    >= conversations.last_inbound_at
            )
            and not exists (
                select
                from app.conversation_events
                where
                    conversation_events.conversation_id
                    = conversations.conversation_id
                    and conversation_events.type in ('rating', 'survey')
                    and conversation_events.occurred_at
                    >= conversations.last_inbound_at
            )
            and not exists (
                select
                from raw.chatbot_events
                where
                    chatbot_events.customer_key = conversations.customer_key
                    and chatbot_events.store_id = conversations.store_id
                    and chatbot_events.channel = conversations.channel
                    and not chatbot_events.needs_reply
                    and chatbot_events.occurred_at
                    >= conversations.last_inbound_at
            )
        )
    )
    and (
        %(topic)s::bigint is null
        or (
            conversations.store_id,
            conversations.channel,
            conversations.customer_key
        ) in (
            with topics as (
                select %(topic)s::bigint as topic_id
                union all
                select topic_settings.topic_id
                from app.topic_settings
                where topic_settings.merged_into = %(topic)s
            ),

            about as (
                select
                    topic_messages.source,
                    topic_messages.id
                from ml.topic_messages
                inner join topics
                    on topic_messages.topic_id = topics.topic_id
                where topic_messages.kind = 'message'
            )

            select
                twilio_messages.store_id,
                twilio_messages.channel,
                twilio_messages.customer_key
            from about
            inner join raw.twilio_messages
                on about.id = twilio_messages.message_sid
            where about.source = 'twilio'
            union all
            select
                chatbot_events.store_id,
                chatbot_events.channel,
                chatbot_events.customer_key
            from about
            inner join raw.chatbot_events
                on about.id = chatbot_events.event_id
            where about.source = 'chatbot'
        )
    )
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
