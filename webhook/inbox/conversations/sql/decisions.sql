select
    bot_decisions.decision_id,
    bot_decisions.name,
    bot_decisions.outcome,
    bot_decisions.reason,
    bot_decisions.details,
    bot_decisions.message_ids,
    bot_decisions.milliseconds,
    bot_decisions.decided_at
from app.bot_decisions
where
    bot_decisions.conversation_id = %(conversation_id)s
    and bot_decisions.decided_at >= %(since)s
    and bot_decisions.message_ids && %(message_ids)s
order by bot_decisions.decided_at, bot_decisions.decision_id, bot_decisions.step
limit 1000
