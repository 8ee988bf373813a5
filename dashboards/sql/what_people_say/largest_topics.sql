select
    fct_topic_messages.topic_name as series,
    count(*) as value
from marts.fct_topic_messages
where
    fct_topic_messages.store_id = %(store)s
    and fct_topic_messages.topic_name is not null
    and fct_topic_messages.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_topic_messages.channel)
group by fct_topic_messages.topic_name
order by value desc, fct_topic_messages.topic_name asc
limit 12
