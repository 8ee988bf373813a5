select
    fct_turns.turn_id,
    fct_turns.started_at,
    fct_turns.channel,
    fct_turns.customer_key,
    fct_turns.episode_id,
    fct_turns.customer_messages,
    fct_turns.replied_at,
    fct_turns.author,
    fct_turns.response_seconds,
    fct_turns.response_business_seconds,
    %(flags)s
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
