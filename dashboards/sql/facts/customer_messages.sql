-- Customers' messages, on the day on which their episode started.
select
    fct_messages.message_id,
    fct_messages.occurred_at,
    fct_messages.source,
    fct_messages.channel,
    fct_messages.customer_key,
    fct_messages.episode_id,
    fct_messages.issue,
    fct_messages.urgency,
    fct_messages.language,
    fct_messages.sentiment,
    fct_messages.issue not in ('other', 'unlabelled') as is_problem,
    fct_messages.urgency = 'high' as is_urgent,
    fct_messages.issue = 'unlabelled' as is_unlabelled
from marts.fct_messages
where
    fct_messages.store_id = %(store)s
    and fct_messages.episode_day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_messages.channel)
    and %(issue)s in ('all', fct_messages.issue)
    and %(message_language)s in ('all', fct_messages.language)
    and fct_messages.author = 'customer'
