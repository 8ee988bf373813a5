select
    count(*) filter (where fct_episodes.is_bot_answered) as numerator,
    nullif(count(*), 0) as denominator,
    100.0 * count(*) filter (where fct_episodes.is_bot_answered)
    / nullif(count(*), 0) as value,
    bool_and(fct_episodes.is_ended) as is_final
from marts.fct_episodes
where
    fct_episodes.store_id = %(store)s
    and fct_episodes.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_episodes.channel)
    and fct_episodes.is_customer_started
