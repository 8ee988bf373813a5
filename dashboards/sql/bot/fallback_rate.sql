select
    count(*) filter (where fct_messages.is_answered = false) as numerator,
    nullif(count(*), 0) as denominator,
    100.0 * count(*) filter (where fct_messages.is_answered = false)
    / nullif(count(*), 0) as value,
    true as is_final
from marts.fct_messages
where
    fct_messages.store_id = %(store)s
    and fct_messages.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_messages.channel)
    and fct_messages.author = 'bot'
    and not fct_messages.is_failed
