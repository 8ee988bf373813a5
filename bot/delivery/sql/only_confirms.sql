-- Whether a reply says nothing but that the customer opted out or in.
select replies.reply_id
from app.replies
inner join app.bot_decisions
    on replies.decision_id = bot_decisions.decision_id
where
    replies.reply_id = %(reply_id)s
    and bot_decisions.name = 'stop_or_start'
    and bot_decisions.outcome = 'answered'
