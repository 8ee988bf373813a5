-- The details of the latest handover of this episode because of satisfaction.
select bot_decisions.details
from app.bot_decisions
where
    bot_decisions.conversation_id = %(conversation_id)s
    and bot_decisions.decided_at >= %(since)s
    and bot_decisions.name = 'satisfaction'
    and bot_decisions.outcome = 'handed_over'
order by bot_decisions.decided_at desc
limit 1
