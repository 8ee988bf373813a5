{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ delete_changed_customers() }}",
        on_schema_change="fail",
        indexes=[
            {"columns": ["episode_id"], "unique": true},
            {"columns": ["customer_key"]},
            {"columns": ["store_id", "day"]},
        ],
    )
}}

-- The rows of this build's customers; the pre-hook deleted their old ones.
with episode_spans as not materialized (
    select * from {{ ref('int_episode_spans') }}
),

changed_customers as (
    select * from {{ ref('int_changed_customers') }}
),

turns as (
    select * from {{ ref('fct_turns') }}
    where
        customer_key in (
            select changed_customers.customer_key from changed_customers
        )
),

stores as (
    select * from {{ ref('dim_stores') }}
),

turns_summary as (
    select
        turns.episode_id,
        bool_or(turns.author = 'bot') as is_bot_answered,
        min(turns.response_seconds) filter (
            where turns.is_first_response
        ) as first_response_seconds,
        min(turns.response_business_seconds) filter (
            where turns.is_first_response
        ) as first_response_business_seconds
    from turns
    group by turns.episode_id
),

outcomes as (
    select
        episode_spans.*,
        coalesce(turns_summary.is_bot_answered, false) as is_bot_answered,
        turns_summary.first_response_seconds,
        turns_summary.first_response_business_seconds,
        coalesce(
            turns_summary.first_response_business_seconds
            <= stores.first_response_target_seconds,
            false
        ) as is_first_response_on_time,
        episode_spans.handovers > 0 as is_handed_over,
        -- another episode of the customer, on any channel, within the window
        exists(
            select 1
            from episode_spans as later_episodes
            where
                later_episodes.store_id = episode_spans.store_id
                and later_episodes.customer_key = episode_spans.customer_key
                and later_episodes.customer_messages > 0
                and later_episodes.episode_id != episode_spans.episode_id
                and later_episodes.started_at >= episode_spans.ended_at
                and later_episodes.started_at
                <= episode_spans.ended_at + {{ days(var('reopen_days')) }}
        ) as is_reopened
    from episode_spans
    inner join stores on episode_spans.store_id = stores.store_id
    left join turns_summary
        on episode_spans.episode_id = turns_summary.episode_id
),

successes as (
    select
        outcomes.*,
        outcomes.is_bot_answered
        and not outcomes.is_handed_over
        and outcomes.agent_messages = 0
        and coalesce(outcomes.is_answered_by_last_bot_message, true)
        and coalesce(outcomes.lowest_rating > 2, true) as is_bot_success
    from outcomes
),

final as (
    select
        successes.episode_id,
        successes.store_id,
        successes.customer_key,
        successes.channel,
        successes.started_at,
        successes.day,
        {{ month_of('successes.day') }} as month,
        successes.last_message_at,
        successes.closed_at,
        successes.ended_at,
        successes.messages::integer as messages,
        successes.customer_messages::integer as customer_messages,
        successes.agent_messages::integer as agent_messages,
        successes.lowest_rating::integer as lowest_rating,
        {{ seconds_between(
            'successes.started_at', 'successes.last_message_at'
        ) }} as duration_seconds,
        successes.first_response_seconds,
        successes.first_response_business_seconds,
        successes.customer_messages > 0 as has_customer_message,
        successes.is_customer_started,
        successes.is_ended,
        successes.ended_at + {{ days(var('reopen_days')) }}
        <= {{ as_of() }} as is_reopen_window_over,
        successes.is_unanswered,
        successes.is_first_response_on_time,
        successes.is_bot_answered,
        successes.is_handed_over,
        successes.is_bot_success,
        successes.is_reopened,
        successes.is_bot_success
        and not successes.is_reopened as is_bot_durable_success,
        successes.last_message_at
        + {{ days(var('rating_days')) }} as ratable_until
    from successes
)

select * from final
