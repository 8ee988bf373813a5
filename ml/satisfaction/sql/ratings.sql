-- The ratings of ended episodes, the newest last.
select
    fct_episodes.episode_id,
    fct_episodes.lowest_rating
from marts.fct_episodes
where
    fct_episodes.is_ended
    and fct_episodes.lowest_rating is not null
order by fct_episodes.started_at asc, fct_episodes.episode_id asc
