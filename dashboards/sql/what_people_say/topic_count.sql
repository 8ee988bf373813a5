select
    null::numeric as numerator,
    null::numeric as denominator,
    nullif(count(distinct fct_topic_messages.topic_name), 0) as value,
    true as is_final
from marts.fct_topic_messages
where
    fct_topic_messages.store_id = %(store)s
    and fct_topic_messages.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_topic_messages.channel)
