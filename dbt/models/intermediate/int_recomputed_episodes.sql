{{ config(post_hook="analyze {{ this }}") }}

with episode_spans as not materialized (
    select * from {{ ref('int_episode_spans') }}
),

turns as (
    select * from {{ ref('int_recomputed_turns') }}
),

stores as (
    select * from {{ ref('int_stores') }}
),

satisfaction_predictions as (
    select * from {{ ref('stg_satisfaction_predictions') }}
),

turns_of_episodes as (
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

judged as (
    select
        episode_spans.*,
        coalesce(turns_of_episodes.is_bot_answered, false) as is_bot_answered,
        turns_of_episodes.first_response_seconds,
        turns_of_episodes.first_response_business_seconds,
        coalesce(
            turns_of_episodes.first_response_business_seconds
            <= stores.first_response_target_seconds,
            false
        ) as is_first_response_on_time,
        episode_spans.handovers > 0 as is_handed_over,
        -- one that goes on again is predicted anew once it has ended
        case
            when episode_spans.is_ended
                then satisfaction_predictions.is_satisfied
        end as is_predicted_satisfied,
        -- the customer came back, on whichever channel
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
                <= episode_spans.ended_at + {{ days(var('again_days')) }}
        ) as is_again
    from episode_spans
    inner join stores on episode_spans.store_id = stores.store_id
    left join turns_of_episodes
        on episode_spans.episode_id = turns_of_episodes.episode_id
    left join satisfaction_predictions
        on episode_spans.episode_id = satisfaction_predictions.episode_id
),

succeeded as (
    select
        judged.*,
        judged.is_bot_answered
        and not judged.is_handed_over
        and judged.agent_messages = 0
        and coalesce(judged.is_answered_by_last_bot_message, true)
        and coalesce(judged.lowest_rating > 2, true) as is_bot_success
    from judged
),

final as (
    select
        succeeded.episode_id,
        succeeded.store_id,
        succeeded.customer_key,
        succeeded.channel,
        succeeded.started_at,
        succeeded.day,
        {{ month_of('succeeded.day') }} as month,
        succeeded.last_message_at,
        succeeded.closed_at,
        succeeded.ended_at,
        succeeded.messages::integer as messages,
        succeeded.customer_messages::integer as customer_messages,
        succeeded.agent_messages::integer as agent_messages,
        succeeded.lowest_rating::integer as lowest_rating,
        {{ seconds_between(
            'succeeded.started_at', 'succeeded.last_message_at'
        ) }} as duration_seconds,
        succeeded.first_response_seconds,
        succeeded.first_response_business_seconds,
        succeeded.customer_messages > 0 as has_customer_message,
        succeeded.is_customer_started,
        succeeded.is_ended,
        succeeded.ended_at + {{ days(var('again_days')) }}
        <= {{ as_of() }} as is_again_known,
        succeeded.is_unanswered,
        succeeded.is_first_response_on_time,
        succeeded.is_bot_answered,
        succeeded.is_handed_over,
        succeeded.is_bot_success,
        succeeded.is_again,
        succeeded.is_predicted_satisfied,
        succeeded.is_bot_success
        and not succeeded.is_again as is_bot_durable_success,
        succeeded.last_message_at
        + {{ days(var('rating_days')) }} as ratable_until
    from succeeded
)

select * from final
