{{
    config(
        materialized="view",
        post_hook="grant select (
            episode_id, customer_key, started_at, is_ended, lowest_rating,
            duration_seconds, messages
        ) on {{ this }} to scorer",
    )
}}

with episodes as (
    select * from {{ ref('int_episodes') }}
),

satisfaction_predictions as (
    select * from {{ ref('stg_satisfaction_predictions') }}
),

final as (
    select
        episodes.episode_id,
        episodes.store_id,
        episodes.customer_key,
        episodes.channel,
        episodes.started_at,
        episodes.day,
        episodes.month,
        episodes.last_message_at,
        episodes.closed_at,
        episodes.ended_at,
        episodes.messages,
        episodes.customer_messages,
        episodes.agent_messages,
        episodes.lowest_rating,
        episodes.duration_seconds,
        episodes.first_response_seconds,
        episodes.first_response_business_seconds,
        episodes.is_customer_started,
        episodes.is_ended,
        episodes.is_reopen_window_over,
        episodes.is_unanswered,
        episodes.is_first_response_on_time,
        episodes.is_bot_answered,
        episodes.is_handed_over,
        episodes.is_bot_success,
        episodes.is_reopened,
        case
            when episodes.is_ended then satisfaction_predictions.is_satisfied
        end as is_predicted_satisfied,
        episodes.is_bot_durable_success
    from episodes
    left join satisfaction_predictions
        on episodes.episode_id = satisfaction_predictions.episode_id
    where episodes.has_customer_message
)

select * from final
