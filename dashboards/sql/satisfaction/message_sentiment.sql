select
    fct_messages.episode_day as day,
    fct_messages.sentiment as series,
    count(*) as value,
    true as is_final
from marts.fct_messages
where
    fct_messages.store_id = %(store)s
    and fct_messages.episode_day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_messages.channel)
    and fct_messages.author = 'customer'
group by fct_messages.episode_day, fct_messages.sentiment
order by fct_messages.episode_day, fct_messages.sentiment
