-- What the customer wrote and nothing was decided about yet, in order. Messages
-- land out of order by moments, so one that is a little older than the newest
-- decided one counts as well; which were decided is known by their ids, from
-- decisions that are not older than that: clocks differ by less than an hour.
-- Whose messages they are is not joined: the view would be read whole.
with thread as (
    select
        conversations.*,
        coalesce(
            greatest(
                conversations.bot_since,
                conversations.answered_until - interval '1 hour'
            ),
            greatest(
                conversations.last_reply_at,
                conversations.last_inbound_at - interval '24 hours'
            )
        ) as since
    from app.conversations
    where conversations.conversation_id = %(conversation_id)s
),

decided as (
    select unnest(bot_decisions.message_ids) as message_id
    from app.bot_decisions
    cross join thread
    where
        bot_decisions.conversation_id = %(conversation_id)s
        and bot_decisions.decided_at > thread.since - interval '1 hour'
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
    and messages.occurred_at > (select thread.since from thread)
    and messages.message_id not in (select decided.message_id from decided)
order by messages.occurred_at asc, messages.message_id asc
