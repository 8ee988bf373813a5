with event_positions as (
    select * from {{ ref('int_event_positions') }}
),

episode_spans as (
    select * from {{ ref('int_episode_spans') }}
),

stores as (
    select * from {{ ref('int_stores') }}
),

final as (
    select
        event_positions.source,
        event_positions.event_id as message_id,
        event_positions.store_id,
        event_positions.customer_key,
        event_positions.channel,
        event_positions.author,
        event_positions.occurred_at,
        {{ local_day('event_positions.occurred_at', 'stores.timezone') }}
            as day,
        {{ month_of(
            local_day('event_positions.occurred_at', 'stores.timezone')
        ) }} as month,
        event_positions.is_failed,
        event_positions.is_answered as answered,
        episode_spans.episode_id,
        episode_spans.day as episode_day,
        event_positions.issue,
        event_positions.urgency,
        event_positions.language
    from event_positions
    inner join stores on event_positions.store_id = stores.store_id
    left join episode_spans
        on
            event_positions.store_id = episode_spans.store_id
            and event_positions.customer_key = episode_spans.customer_key
            and event_positions.channel = episode_spans.channel
            and event_positions.episode_position
            = episode_spans.episode_position
            and event_positions.event_type = 'message'
            and episode_spans.customer_messages > 0
    where event_positions.event_type in ('message', 'rating_message')
)

select * from final
