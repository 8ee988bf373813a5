{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ delete_changed_customers() }}",
        on_schema_change="fail",
        indexes=[
            {"columns": ["customer_key"]},
            {"columns": ["store_id", "day"]},
        ],
    )
}}
-- The rows of this build's customers; the pre-hook deleted their old ones.

with event_positions as (
    select * from {{ ref('int_event_positions') }}
),

episode_spans as (
    select * from {{ ref('int_episode_spans') }}
),

rating_answers as (
    select * from {{ ref('int_rating_answers') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

final as (
    select
        event_positions.event_id as rating_id,
        event_positions.store_id,
        event_positions.customer_key,
        event_positions.channel,
        event_positions.occurred_at,
        {{ local_day('event_positions.occurred_at', 'stores.timezone') }}
            as day,
        {{ month_of(
            local_day('event_positions.occurred_at', 'stores.timezone')
        ) }} as month,
        event_positions.rating::integer as rating,
        event_positions.rating >= 4 as is_satisfied,
        episode_spans.episode_id,
        rating_answers.request_id
    from event_positions
    inner join stores on event_positions.store_id = stores.store_id
    left join rating_answers
        on event_positions.event_id = rating_answers.rating_id
    {{ join_episode_of_event("event_positions.is_in_episode") }}
    where event_positions.event_type = 'rating'
)

select * from final
