-- What was known when this episode was last handed over for its customer's
-- satisfaction.
select bot_decisions.details
from app.bot_decisions
where
    bot_decisions.conversation_id = %(conversation_id)s
    and bot_decisions.decided_at >= %(since)s
    and bot_decisions.name = 'satisfaction'
    and bot_decisions.outcome = 'handed_over'
order by bot_decisions.decided_at desc
limit 1
