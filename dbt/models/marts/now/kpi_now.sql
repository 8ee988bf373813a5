with stores as (
    select * from {{ ref('int_current_stores') }}
),

messages_today as (
    select * from {{ ref('int_messages_today') }}
),

turns_today as (
    select * from {{ ref('int_turns_today') }}
),

open_conversations as (
    select * from {{ ref('int_open_conversations') }}
),

volumes as (
    select
        messages_today.store_id,
        {{ dimension_of('messages_today', ['author']) }},
        count(*) as messages,
        max(messages_today.occurred_at) as newest_at
    from messages_today
    group by
        messages_today.store_id,
        grouping sets ((), (messages_today.author))
),

-- a shop without a message today has a zero, not nothing
message_volume as (
    select
        stores.store_id,
        'message_volume' as metric,
        coalesce(volumes.dimension, 'all') as dimension,
        coalesce(volumes.dimension_value, 'all') as dimension_value,
        coalesce(volumes.messages, 0)::numeric as numerator,
        null::numeric as denominator,
        coalesce(volumes.messages, 0)::numeric as value,
        'count' as unit,
        volumes.newest_at as data_as_of
    from stores
    left join volumes on stores.store_id = volumes.store_id
),

turns_summary as (
    select
        turns_today.store_id,
        count(*) as turns,
        count(*) filter (where turns_today.is_first_response) as first_turns,
        {{ percentile(
            0.5,
            seconds_between(
                'turns_today.started_at', 'turns_today.replied_at'
            ),
            'true',
        ) }} as median,
        {{ percentile(
            0.5,
            seconds_between(
                'turns_today.started_at', 'turns_today.replied_at'
            ),
            'turns_today.is_first_response',
        ) }} as first_median,
        max(turns_today.replied_at) as newest_at
    from turns_today
    where turns_today.replied_at is not null
    group by turns_today.store_id
),

response_times as (
    select
        turns_summary.store_id,
        metrics.metric,
        'all' as dimension,
        'all' as dimension_value,
        null::numeric as numerator,
        metrics.denominator::numeric as denominator,
        metrics.value,
        'seconds' as unit,
        turns_summary.newest_at as data_as_of
    from turns_summary
    cross join lateral (
        values
        ('response_time_median', turns_summary.turns, turns_summary.median),
        (
            'first_response_time_median',
            turns_summary.first_turns,
            turns_summary.first_median
        )
    ) as metrics (metric, denominator, value)
    where metrics.value is not null
),

conversations_summary as (
    select
        open_conversations.store_id,
        count(*) as open,
        count(open_conversations.waits_since) as waiting,
        min(open_conversations.waits_since) as waits_since,
        max(open_conversations.last_message_at) as newest_at
    from open_conversations
    group by open_conversations.store_id
),

conversations as (
    select
        stores.store_id,
        metrics.metric,
        'all' as dimension,
        'all' as dimension_value,
        metrics.value as numerator,
        null::numeric as denominator,
        metrics.value,
        metrics.unit,
        conversations_summary.newest_at as data_as_of
    from stores
    left join conversations_summary
        on stores.store_id = conversations_summary.store_id
    cross join lateral (
        values
        (
            'conversations_open',
            coalesce(conversations_summary.open, 0)::numeric,
            'count'
        ),
        (
            'conversations_waiting',
            coalesce(conversations_summary.waiting, 0)::numeric,
            'count'
        ),
        (
            'longest_wait',
            {{ seconds_between(
                'conversations_summary.waits_since', 'now()'
            ) }},
            'seconds'
        )
    ) as metrics (metric, value, unit)
    where metrics.value is not null
),

final as (
    select * from message_volume
    union all
    select * from response_times
    union all
    select * from conversations
)

select * from final
