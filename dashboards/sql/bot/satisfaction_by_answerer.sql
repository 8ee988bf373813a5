-- Ratings of conversations by whether a person took part in them.
with ratings as (
    select
        case
            when fct_episodes.agent_messages > 0 then 'agent' else 'bot'
        end as series,
        fct_ratings.is_satisfied
    from marts.fct_ratings
    inner join marts.fct_episodes
        on fct_ratings.episode_id = fct_episodes.episode_id
    where
        fct_ratings.store_id = %(store)s
        and fct_ratings.day between %(from_day)s and %(to_day)s
        and %(channel)s in ('all', fct_ratings.channel)
)

select
    ratings.series,
    100.0 * count(*) filter (where ratings.is_satisfied) / count(*) as value
from ratings
group by ratings.series
