-- From the messages, since the KPI stands under one dimension at a time. As it
-- does, they are counted on the day on which their episode started.
select
    fct_messages.language as series,
    count(*) as value
from marts.fct_messages
where
    fct_messages.store_id = %(store)s
    and fct_messages.episode_day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_messages.channel)
    and %(issue)s in ('all', fct_messages.issue)
    and %(message_language)s in ('all', fct_messages.language)
    and fct_messages.author = 'customer'
group by fct_messages.language
