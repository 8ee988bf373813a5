-- From the turns, since the KPI stands under one dimension at a time.
select
    fct_turns.bucket as series,
    count(*) as value
from marts.fct_turns
where
    fct_turns.store_id = %(store)s
    and fct_turns.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_turns.channel)
    and (
        'all' = all(array[%(issue)s, %(message_language)s])
        or exists (
            select from marts.fct_messages
            where
                fct_messages.customer_key = fct_turns.customer_key
                and fct_messages.episode_id = fct_turns.episode_id
                and fct_messages.author = 'customer'
                and %(issue)s in ('all', fct_messages.issue)
                and %(message_language)s in ('all', fct_messages.language)
        )
    )
    and fct_turns.bucket is not null
group by fct_turns.bucket
