select
    fct_ratings.rating_id,
    fct_ratings.occurred_at,
    fct_ratings.channel,
    fct_ratings.customer_key,
    fct_ratings.episode_id,
    fct_ratings.rating,
    %(flags)s,
    case
        when fct_episodes.agent_messages > 0 then 'agent'
        when fct_episodes.agent_messages = 0 then 'bot'
    end as answerer
from marts.fct_ratings
left join marts.fct_episodes
    on fct_ratings.episode_id = fct_episodes.episode_id
where
    fct_ratings.store_id = %(store)s
    and fct_ratings.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_ratings.channel)
