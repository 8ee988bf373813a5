-- The customer's messages without a decision, in order. Messages may land
-- slightly out of order, so those a little older than the newest decided one
-- count too; decided ones are known by their ids from recent decisions, as
-- clocks differ by less than an hour. What the bot left to an agent counts
-- again once the agent gave the conversation back, if it is at most a day old
-- and nobody has replied since. The customer is not joined: the whole view
-- would be read.
with given_back as (
    select max(conversation_events.occurred_at) as given_back_at
    from app.conversation_events
    where
        conversation_events.conversation_id = %(conversation_id)s
        and conversation_events.type = 'given_back'
),

agents_replies as (
    select max(replies.written_at) as written_at
    from app.replies
    where
        replies.conversation_id = %(conversation_id)s
        and replies.author = 'agent'
        and replies.state != 'dead'
),

thread as (
    select
        conversations.*,
        given_back.given_back_at,
        case when given_back.given_back_at is not null then
            greatest(
                conversations.bot_since,
                conversations.last_reply_at,
                agents_replies.written_at,
                given_back.given_back_at - interval '24 hours'
            )
        end as waiting_since,
        coalesce(
            greatest(
                conversations.bot_since,
                conversations.answered_until - interval '1 hour'
            ),
            greatest(
                conversations.last_reply_at,
                conversations.last_inbound_at - interval '24 hours'
            )
        ) as undecided_since
    from app.conversations
    cross join given_back
    cross join agents_replies
    where conversations.conversation_id = %(conversation_id)s
),

since as (
    select least(thread.undecided_since, thread.waiting_since) as since
    from thread
),

decided as (
    select
        unnest(bot_decisions.message_ids) as message_id,
        coalesce(bot_decisions.decided_at < thread.given_back_at, false)
        and exists (
            select
            from app.bot_decisions as guards
            where
                guards.decision_id = bot_decisions.decision_id
                and guards.name = 'guard'
                and guards.outcome = 'silent'
        ) as is_given_back
    from app.bot_decisions
    cross join thread
    cross join since
    where
        bot_decisions.conversation_id = %(conversation_id)s
        and bot_decisions.decided_at > since.since - interval '1 hour'
        and bot_decisions.step = 1
)

select
    messages.source,
    messages.message_id,
    messages.author,
    coalesce(messages.text, '') as text,
    messages.occurred_at,
    messages.body
from app.messages
where
    messages.customer_key = (select thread.customer_key from thread)
    and messages.store_id = (select thread.store_id from thread)
    and messages.channel = (select thread.channel from thread)
    and messages.author = 'customer'
    and messages.occurred_at > (select since.since from since)
    and messages.message_id not in (
        select decided.message_id from decided
        where not decided.is_given_back
    )
    and (
        messages.occurred_at > (select thread.waiting_since from thread)
        or messages.message_id not in (
            select decided.message_id from decided
            where decided.is_given_back
        )
    )
order by messages.occurred_at asc, messages.message_id asc
