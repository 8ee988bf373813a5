select
    count(*) filter (
        where fct_messages.urgency = 'high'
    ) as numerator,
    nullif(count(*), 0) as denominator,
    100.0 * count(*) filter (
        where fct_messages.urgency = 'high'
    ) / nullif(count(*), 0) as value,
    true as is_final
from marts.fct_messages
where
    fct_messages.store_id = %(store)s
    and fct_messages.episode_day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_messages.channel)
    and %(issue)s in ('all', fct_messages.issue)
    and %(message_language)s in ('all', fct_messages.language)
    and fct_messages.author = 'customer'
