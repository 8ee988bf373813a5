select
    fct_episodes.episode_id,
    fct_episodes.started_at,
    fct_episodes.channel,
    fct_episodes.customer_key,
    fct_episodes.messages,
    fct_episodes.agent_messages,
    fct_episodes.first_response_seconds,
    fct_episodes.duration_seconds,
    fct_episodes.lowest_rating,
    %(flags)s
from marts.fct_episodes
where
    fct_episodes.store_id = %(store)s
    and fct_episodes.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_episodes.channel)
    and (
        'all' = all(array[%(issue)s, %(message_language)s])
        or exists (
            select from marts.fct_messages
            where
                fct_messages.customer_key = fct_episodes.customer_key
                and fct_messages.episode_id = fct_episodes.episode_id
                and fct_messages.author = 'customer'
                and %(issue)s in ('all', fct_messages.issue)
                and %(message_language)s in ('all', fct_messages.language)
        )
    )
