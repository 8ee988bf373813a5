-- A view, so that renamed and merged topics show without a build.
{{ config(materialized="view", meta={"freshness": none}) }}

with topic_messages as (
    select * from {{ ref('int_topic_messages') }}
),

topic_settings as (
    select * from {{ ref('stg_topic_settings') }}
),

topic_names as (
    select * from {{ ref('int_topic_names') }}
),

final as (
    select
        topic_messages.kind,
        topic_messages.source,
        topic_messages.message_id,
        topic_messages.store_id,
        coalesce(topic_settings.merged_into, topic_messages.topic_id)
            as topic_id,
        topic_names.name as topic_name,
        topic_messages.occurred_at,
        topic_messages.day,
        topic_messages.week,
        topic_messages.channel,
        topic_messages.customer_key,
        topic_messages.episode_id,
        topic_messages.issue,
        topic_messages.urgency,
        topic_messages.language,
        topic_messages.sentiment,
        topic_messages.rating,
        topic_messages.is_satisfied,
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
    left join topic_settings
        on
            topic_messages.store_id = topic_settings.store_id
            and topic_messages.topic_id = topic_settings.topic_id
    left join topic_names
        on
            topic_messages.store_id = topic_names.store_id
            and coalesce(topic_settings.merged_into, topic_messages.topic_id)
            = topic_names.topic_id
)

select * from final
