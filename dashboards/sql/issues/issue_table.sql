-- A conversation stands under every issue that its customer wrote about.
with issues as (
    select
        fct_messages.issue,
        fct_messages.episode_id,
        count(*) as messages,
        count(*) filter (where fct_messages.urgency = 'high') as urgent
    from marts.fct_messages
    where
        fct_messages.store_id = %(store)s
        and fct_messages.episode_day between %(from_day)s and %(to_day)s
        and %(channel)s in ('all', fct_messages.channel)
        and %(issue)s in ('all', fct_messages.issue)
        and %(message_language)s in ('all', fct_messages.language)
        and fct_messages.author = 'customer'
    group by fct_messages.issue, fct_messages.episode_id
)

select
    issues.issue,
    sum(issues.messages) as messages,
    100.0 * sum(issues.urgent) / sum(issues.messages) as urgent,
    count(*) as conversations,
    percentile_cont(0.5) within group (
        order by fct_episodes.first_response_seconds
    ) as first_response,
    100.0 * count(*) filter (where fct_episodes.is_handed_over)
    / nullif(count(*) filter (where fct_episodes.is_bot_answered), 0)
        as handed_over,
    100.0 * count(*) filter (where fct_episodes.is_unanswered)
    / nullif(count(*) filter (where fct_episodes.is_ended), 0) as unanswered
from issues
inner join marts.fct_episodes on issues.episode_id = fct_episodes.episode_id
where
    fct_episodes.store_id = %(store)s
    and fct_episodes.day between %(from_day)s and %(to_day)s
group by issues.issue
order by messages desc, issues.issue asc
