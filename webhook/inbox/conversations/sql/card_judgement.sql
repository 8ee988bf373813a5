-- The bot's latest prediction of the customer's satisfaction.
select
    bot_decisions.outcome,
    bot_decisions.reason,
    bot_decisions.details,
    bot_decisions.decided_at
from app.bot_decisions
where
    bot_decisions.conversation_id = %(conversation_id)s
    and bot_decisions.name = 'satisfaction'
order by bot_decisions.decided_at desc
limit 1
