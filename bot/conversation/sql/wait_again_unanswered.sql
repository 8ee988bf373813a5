-- Conversations that an agent took over and never wrote in wait for any agent
-- again, if the customer had written within the week before and waits for a
-- reply or was promised an agent. A handover is not recorded. Unlike in
-- wait_again.sql, only replies of agents count.
with forgotten as (
    update app.conversations
    set
        state = 'waiting',
        state_at = now(),
        state_reason = %(reason)s,
        assigned_to = null,
        changed_at = now()
    where
        conversations.state = 'agent'
        and conversations.state_at < %(silent_since)s
        -- put off until a time
        and coalesce(conversations.snoozed_until < now(), true)
        and conversations.last_inbound_at
        > conversations.state_at - interval '7 days'
        and not exists (
            select
            from app.replies
            where
                replies.conversation_id = conversations.conversation_id
                and replies.author = 'agent'
                and replies.written_at >= conversations.state_at
        )
        -- written outside Kabar
        and not (
            conversations.last_author = 'agent'
            and conversations.last_reply_at >= conversations.state_at
        )
        and (
            conversations.last_author = 'customer'
            or exists (
                select
                from app.conversation_events as handovers
                where
                    handovers.conversation_id = conversations.conversation_id
                    and handovers.type = 'handover'
                    and not exists (
                        select
                        from app.conversation_events as settled
                        where
                            settled.conversation_id = handovers.conversation_id
                            and settled.type in ('given_back', 'closed')
                            and settled.occurred_at > handovers.occurred_at
                    )
            )
        )
    returning conversations.conversation_id
)

select pg_notify('inbox', forgotten.conversation_id::text)
from forgotten
