with messages_today as (
    select * from {{ ref('int_messages_today') }}
),

events as (
    select
        messages_today.*,
        'message' as event_type,
        false as is_failed
    from messages_today
),

event_positions as (
    {{ event_positions(
        "events",
        "now()",
        hours(var('episode_gap_hours')),
        days(var('waiting_days')),
        days(var('rating_days')),
    ) | indent }}
),

final as (
    select
        event_positions.store_id,
        event_positions.channel,
        event_positions.customer_key,
        event_positions.turn_position
        = event_positions.episode_position as is_first_response,
        min(event_positions.occurred_at) as started_at,
        min(event_positions.occurred_at) filter (
            where event_positions.author != 'customer'
        ) as replied_at
    from event_positions
    where
        event_positions.is_counting
        and event_positions.turn_position > 0
    group by
        event_positions.store_id,
        event_positions.channel,
        event_positions.customer_key,
        event_positions.episode_position,
        event_positions.turn_position
)

select * from final
