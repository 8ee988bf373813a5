select
    fct_messages.message_id,
    fct_messages.occurred_at,
    fct_messages.source,
    fct_messages.channel,
    fct_messages.author,
    fct_messages.customer_key,
    fct_messages.episode_id,
    fct_messages.issue,
    fct_messages.urgency,
    fct_messages.language,
    fct_messages.is_failed,
    fct_messages.author = 'bot' and not fct_messages.is_failed as is_of_bot,
    coalesce(fct_messages.is_answered = false, false) as is_without_answer
from marts.fct_messages
where
    fct_messages.store_id = %(store)s
    and fct_messages.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_messages.channel)
