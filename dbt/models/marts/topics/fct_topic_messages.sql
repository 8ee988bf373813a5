{{ config(indexes=[{"columns": ["store_id", "topic_id", "day"]}]) }}

with topic_messages as (
    select * from {{ ref('stg_topic_messages') }}
),

topic_settings as (
    select * from {{ ref('stg_topic_settings') }}
),

messages as (
    select * from {{ ref('fct_messages') }}
),

episodes as (
    select * from {{ ref('fct_episodes') }}
),

final as (
    select
        topic_messages.kind,
        topic_messages.source,
        topic_messages.message_id,
        topic_messages.store_id,
        coalesce(topic_settings.merged_into, topic_messages.topic_id)
            as topic_id,
        messages.occurred_at,
        messages.day,
        date_trunc('week', messages.day)::date as week,
        messages.channel,
        messages.customer_key,
        messages.episode_id,
        messages.issue,
        messages.urgency,
        messages.language,
        case
            when episodes.lowest_rating is not null
                then episodes.lowest_rating >= 4
            else episodes.is_predicted_satisfied
        end as is_satisfied,
        -- those of a merged topic are not shown
        case
            when topic_settings.merged_into is null
                then topic_messages.example_position
        end as example_position,
        case
            when topic_settings.merged_into is null
                then topic_messages.example
        end as example
    from topic_messages
    inner join messages
        on
            topic_messages.source = messages.source
            and topic_messages.message_id = messages.message_id
            and topic_messages.store_id = messages.store_id
            and topic_messages.kind = 'message'
    left join topic_settings
        on
            topic_messages.store_id = topic_settings.store_id
            and topic_messages.topic_id = topic_settings.topic_id
    left join episodes
        on messages.episode_id = episodes.episode_id
)

select * from final
