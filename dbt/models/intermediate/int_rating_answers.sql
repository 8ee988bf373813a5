with event_positions as (
    select * from {{ ref('int_event_positions') }}
),

-- A rating answers the latest request that is still open, so requests and
-- ratings match like brackets. An expired request hides no valid one: those
-- below it on the stack are older.
depths as (
    select
        event_positions.*,
        sum(
            case event_positions.event_type
                when 'rating_requested' then 1 else -1
            end
        ) over in_order as depth
    from event_positions
    where event_positions.event_type in ('rating_requested', 'rating')
    window in_order as (
        partition by
            event_positions.store_id,
            event_positions.customer_key,
            event_positions.channel
        order by event_positions.position
    )
),

-- ratings without a request do not lower the level
levels as (
    select
        depths.*,
        depths.depth - least(0, min(depths.depth) over (
            partition by
                depths.store_id, depths.customer_key, depths.channel
            order by depths.position
        )) as level
    from depths
),

-- a request and the rating that answers it have the same step
steps as (
    select
        levels.*,
        case levels.event_type
            when 'rating_requested' then levels.level
            else levels.level + 1
        end as step
    from levels
),

paired as (
    select
        steps.*,
        lead(steps.event_type) over next_on_step as next_type,
        lead(steps.occurred_at) over next_on_step as next_at,
        lead(steps.event_id) over next_on_step as next_id
    from steps
    window next_on_step as (
        partition by
            steps.store_id, steps.customer_key, steps.channel, steps.step
        order by steps.position
    )
),

final as (
    select
        paired.event_id as request_id,
        paired.next_id as rating_id,
        paired.next_at as answered_at
    from paired
    where
        paired.event_type = 'rating_requested'
        and paired.next_type = 'rating'
        and paired.next_at
        <= paired.occurred_at + {{ days(var('rating_days')) }}
)

select * from final
