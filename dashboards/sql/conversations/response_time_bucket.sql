-- From the turns, since the KPI stands under one dimension at a time.
select
    fct_turns.bucket as series,
    count(*) as value
from marts.fct_turns
where
    fct_turns.store_id = %(store)s
    and fct_turns.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_turns.channel)
    and fct_turns.bucket is not null
group by fct_turns.bucket
