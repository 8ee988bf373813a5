with messages as not materialized (
    select * from {{ ref('fct_messages') }}
),

episodes as (
    select * from {{ ref('int_episodes') }}
),

periods as not materialized (
    select * from {{ ref('int_changed_periods') }}
),

messages_summary as (
    select
        periods.store_id,
        periods.period,
        periods.first_day,
        periods.ends_at,
        {{ dimension_of('messages', ['channel', 'author']) }},
        count(*) as messages
    from periods
    inner join messages on {{ lies_in_period('messages') }}
    group by
        periods.store_id,
        periods.period,
        periods.first_day,
        periods.ends_at,
        grouping sets ((), (messages.channel), (messages.author))
),

issues_summary as (
    select
        periods.store_id,
        periods.period,
        periods.first_day,
        periods.ends_at,
        {{ dimension_of(
            'messages', ['channel', 'issue', 'urgency', 'language']
        ) }},
        count(*) as messages
    from periods
    inner join messages on {{ lies_in_period('messages', 'episode_day') }}
    where messages.author = 'customer'
    group by
        periods.store_id,
        periods.period,
        periods.first_day,
        periods.ends_at,
        grouping sets (
            (),
            (messages.channel),
            (messages.issue),
            (messages.urgency),
            (messages.language)
        )
),

-- until when customers can write in the episodes that started in the period
episodes_summary as (
    select
        periods.store_id,
        periods.period,
        periods.first_day,
        {{ dimension_of('episodes', ['channel']) }},
        max(episodes.ended_at) as ended_after
    from periods
    inner join episodes on {{ lies_in_period('episodes') }}
    group by
        periods.store_id,
        periods.period,
        periods.first_day,
        grouping sets ((), (episodes.channel))
),

final as (
    select
        messages_summary.store_id,
        messages_summary.period,
        messages_summary.first_day,
        'message_volume' as metric,
        messages_summary.dimension,
        messages_summary.dimension_value,
        'count' as unit,
        messages_summary.messages::numeric as numerator,
        null::numeric as denominator,
        messages_summary.messages::numeric as value,
        messages_summary.ends_at as final_after
    from messages_summary

    union all

    select
        issues_summary.store_id,
        issues_summary.period,
        issues_summary.first_day,
        'issue_volume' as metric,
        issues_summary.dimension,
        issues_summary.dimension_value,
        'count' as unit,
        issues_summary.messages::numeric as numerator,
        null::numeric as denominator,
        issues_summary.messages::numeric as value,
        greatest(
            issues_summary.ends_at, episodes_summary.ended_after
        ) as final_after
    from issues_summary
    left join episodes_summary
        on
            issues_summary.store_id = episodes_summary.store_id
            and issues_summary.period = episodes_summary.period
            and issues_summary.first_day = episodes_summary.first_day
            and issues_summary.dimension = episodes_summary.dimension
            and issues_summary.dimension_value
            = episodes_summary.dimension_value
)

select * from final
