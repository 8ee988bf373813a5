-- Only topics with enough messages for a share.
select
    fct_topic_messages.topic_name as series,
    100.0 * count(*) filter (where fct_topic_messages.urgency = 'high')
    / count(*) as value
from marts.fct_topic_messages
where
    fct_topic_messages.store_id = %(store)s
    and fct_topic_messages.topic_name is not null
    and fct_topic_messages.kind = 'message'
    and fct_topic_messages.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_topic_messages.channel)
group by fct_topic_messages.topic_name
having count(*) >= 10
order by value desc, fct_topic_messages.topic_name asc
limit 12
