{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ delete_changed_customers() }}",
        on_schema_change="fail",
        indexes=[
            {"columns": ["customer_key"]},
            {"columns": ["store_id", "day", "author", "channel", "is_failed", "is_answered"]},
            {
                "columns": [
                    "store_id", "episode_day", "author", "channel", "issue", "urgency",
                    "language", "sentiment", "episode_id"
                ]
            },
        ],
        post_hook="grant select (
            source, message_id, store_id, episode_id, author, occurred_at,
            is_failed, is_answered, issue
        ) on {{ this }} to scorer",
    )
}}
-- The rows of this build's customers; the pre-hook deleted their old ones.
-- The indexes by day hold every column that dashboards count by, so that the
-- rows of a month, which are spread over the table, need not be read.

with event_positions as (
    select * from {{ ref('int_event_positions') }}
),

episode_spans as (
    select * from {{ ref('int_episode_spans') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
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
        event_positions.is_answered,
        episode_spans.episode_id,
        episode_spans.day as episode_day,
        event_positions.issue,
        event_positions.urgency,
        event_positions.language,
        event_positions.sentiment
    from event_positions
    inner join stores on event_positions.store_id = stores.store_id
    {{ join_episode_of_event("event_positions.event_type = 'message'") }}
    where event_positions.event_type in ('message', 'rating_message')
)

select * from final
