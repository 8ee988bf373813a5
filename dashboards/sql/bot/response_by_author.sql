select
    fct_turns.author as series,
    percentile_cont(0.5) within group (
        order by fct_turns.response_seconds
    ) as value
from marts.fct_turns
where
    fct_turns.store_id = %(store)s
    and fct_turns.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_turns.channel)
    and fct_turns.is_answered
group by fct_turns.author
