-- The step that decided the latest answer to each customer.
with talks as (
    select
        conversations.conversation_id,
        conversations.customer_key
    from app.conversations
    where conversations.customer_key = any(%(keys)s)
)

select distinct on (talks.customer_key)
    talks.customer_key,
    bot_decisions.name
from talks
inner join app.bot_decisions
    on talks.conversation_id = bot_decisions.conversation_id
where bot_decisions.outcome not in ('passed', 'failed')
order by
    talks.customer_key asc,
    bot_decisions.decided_at desc,
    bot_decisions.step asc
