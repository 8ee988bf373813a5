-- How ended conversations that a customer started came to their end, each once.
with endings as (
    select
        case
            when fct_episodes.is_bot_success then 'bot'
            when fct_episodes.is_unanswered then 'unanswered'
            when fct_episodes.agent_messages > 0 then 'agent'
            else 'open_end'
        end as series
    from marts.fct_episodes
    where
        fct_episodes.store_id = %(store)s
        and fct_episodes.day between %(from_day)s and %(to_day)s
        and %(channel)s in ('all', fct_episodes.channel)
        and fct_episodes.is_customer_started
        and fct_episodes.is_ended
)

select
    endings.series,
    count(*) as value
from endings
group by endings.series
