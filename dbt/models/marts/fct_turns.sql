{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ delete_changed_customers() }}",
        on_schema_change="fail",
        indexes=[
            {"columns": ["customer_key"]},
            {
                "columns": [
                    "store_id", "day", "channel", "author", "is_first_response",
                    "is_answered", "bucket", "response_seconds"
                ]
            },
        ],
        post_hook="grant select (
            episode_id, started_at, response_seconds, open_until
        ) on {{ this }} to scorer",
    )
}}
-- The rows of this build's customers; the pre-hook deleted their old ones.
-- The index by day holds every column that dashboards compute medians from.

with event_positions as (
    select * from {{ ref('int_event_positions') }}
),

episode_spans as (
    select * from {{ ref('int_episode_spans') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

turns as (
    {{ turns("event_positions") | indent }}
),

placed as (
    select
        md5(concat_ws(
            '|', episode_spans.episode_id, turns.first_message
        )) as turn_id,
        episode_spans.episode_id,
        turns.store_id,
        turns.customer_key,
        turns.channel,
        turns.started_at,
        {{ local_day('turns.started_at', 'stores.timezone') }} as day,
        turns.customer_messages::integer as customer_messages,
        turns.is_first_response,
        turns.replied_at,
        turns.author,
        turns.replied_at is not null as is_answered,
        {{ seconds_between('turns.started_at', 'turns.replied_at') }}
            as response_seconds,
        stores.has_business_hours,
        episode_spans.is_ended,
        case
            when turns.replied_at is null then episode_spans.ended_at
        end as open_until
    from turns
    inner join episode_spans
        on
            turns.store_id = episode_spans.store_id
            and turns.customer_key = episode_spans.customer_key
            and turns.channel = episode_spans.channel
            and turns.episode_position = episode_spans.episode_position
    inner join stores on turns.store_id = stores.store_id
),

final as (
    select
        placed.turn_id,
        placed.episode_id,
        placed.store_id,
        placed.customer_key,
        placed.channel,
        placed.started_at,
        placed.day,
        {{ month_of('placed.day') }} as month,
        placed.customer_messages,
        placed.is_first_response,
        placed.replied_at,
        placed.author,
        placed.is_answered,
        placed.response_seconds,
        case
            when not placed.is_answered then null
            when placed.has_business_hours
                then
                    coalesce(until_reply.open_seconds, 0)
                    - coalesce(until_start.open_seconds, 0)
            else placed.response_seconds
        end as response_business_seconds,
        case
            when placed.response_seconds < 60 then 'under_1m'
            when placed.response_seconds < 300 then '1m_5m'
            when placed.response_seconds < 3600 then '5m_1h'
            when placed.response_seconds < 86400 then '1h_24h'
            when placed.response_seconds >= 86400 then 'over_24h'
            when placed.is_ended then 'never'
        end as bucket,
        placed.open_until
    from placed
    left join lateral (
        {{ open_seconds_until('placed.store_id', 'placed.started_at') }}
    ) as until_start on placed.has_business_hours and placed.is_answered
    left join lateral (
        {{ open_seconds_until('placed.store_id', 'placed.replied_at') }}
    ) as until_reply on placed.has_business_hours and placed.is_answered
)

select * from final
