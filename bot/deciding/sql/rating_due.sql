-- Conversations in which a rating may be requested now, all or the named one:
-- the bot answers them, they are quiet or closed, and the customer can still be
-- written to.
select
    conversations.conversation_id,
    coalesce(conversations.language, 'id') as language
from app.conversations
inner join app.customers
    on
        conversations.store_id = customers.store_id
        and conversations.customer_key = customers.customer_key
left join app.store_options
    on conversations.store_id = store_options.store_id
where
    (
        %(conversation_id)s::bigint is null
        or conversations.conversation_id = %(conversation_id)s
    )
    and coalesce(store_options.asks_for_ratings, true)
    and coalesce(store_options.is_bot_on, true)
    and app.opted_out_at(
        conversations.store_id, conversations.customer_key
    ) is null
    and coalesce(customers.rating_requested_at, '-infinity')
    <= now() - interval '7 days'
    and conversations.answered_until is not null
    and conversations.last_message_at > now() - interval '24 hours'
    -- leaves a few minutes to send it
    and conversations.last_inbound_at
    > now() - interval '23 hours 50 minutes'
    and conversations.last_reply_at is not null
    and (
        conversations.state = 'closed'
        or (
            conversations.state = 'bot'
            -- what needs no reply may come last
            and (
                conversations.last_author != 'customer'
                or exists (
                    select
                    from app.no_reply_messages
                    where
                        no_reply_messages.store_id = conversations.store_id
                        and no_reply_messages.channel = conversations.channel
                        and no_reply_messages.customer_key
                        = conversations.customer_key
                        and no_reply_messages.decided_at
                        >= conversations.last_inbound_at
                )
            )
            and conversations.last_message_at <= now() - interval '30 minutes'
        )
    )
    -- a number could be meant for either
    and not exists (
        select 1
        from app.survey_invitations
        where
            survey_invitations.conversation_id = conversations.conversation_id
            and survey_invitations.state in ('asked', 'asking')
            and survey_invitations.asked_at > now() - interval '24 hours'
    )
    and (
        conversations.address is not null
        or exists (
            select 1
            from app.reply_channels
            where
                reply_channels.store_id = conversations.store_id
                and reply_channels.channel = conversations.channel
        )
    )
order by conversations.conversation_id
