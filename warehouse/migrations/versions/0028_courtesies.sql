-- Messages that need no reply: those that the bot left unanswered, and thanks,
-- agreement and goodbyes after an answer, even if it said goodbye too.
create or replace view app.no_reply_messages as
select
    conversations.store_id,
    conversations.channel,
    conversations.customer_key,
    decided.message_id,
    bot_decisions.decided_at
from app.bot_decisions
inner join app.conversations
    on bot_decisions.conversation_id = conversations.conversation_id
cross join lateral unnest(bot_decisions.message_ids) as decided (message_id)
where
    (bot_decisions.outcome = 'silent' and bot_decisions.name <> 'guard')
    or (
        bot_decisions.name in ('rules', 'courtesy')
        and bot_decisions.outcome = 'answered'
        and bot_decisions.details ->> 'needs_reply' = 'false'
    );
