-- A view, so that renamed and merged topics show without a build.
{{ config(materialized="view") }}

with topics as (
    select * from {{ ref('stg_topics') }}
),

topic_settings as (
    select * from {{ ref('stg_topic_settings') }}
),

final as (
    select
        topics.store_id,
        topics.topic_id,
        coalesce(topic_settings.name, topics.name_id, topics.name_en)
            as name_id,
        coalesce(topic_settings.name, topics.name_en, topics.name_id)
            as name_en,
        coalesce(
            topic_settings.name,
            case topics.language
                when 'en' then topics.name_en
                else topics.name_id
            end
        ) as name,
        topics.language,
        topic_settings.name is not null as is_renamed,
        coalesce(topic_settings.is_muted, false) as is_muted,
        topics.found_at,
        topics.vanished_at
    from topics
    left join topic_settings
        on
            topics.store_id = topic_settings.store_id
            and topics.topic_id = topic_settings.topic_id
    where topic_settings.merged_into is null
)

select * from final
