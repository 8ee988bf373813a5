with sizes as (
    select
        topic_messages.store_id,
        topic_messages.topic_id,
        count(*) as messages
    from ml.topic_messages
    where topic_messages.topic_id is not null
    group by topic_messages.store_id, topic_messages.topic_id
)

select
    topics.store_id,
    topics.topic_id,
    coalesce(
        topic_settings.name,
        case topics.language when 'en' then topics.name_en else topics.name_id end
    ) as name,
    coalesce(sizes.messages, 0) as messages,
    case
        when topic_settings.merged_into is not null
            then 'merged into ' || topic_settings.merged_into
        when topics.vanished_at is not null then 'vanished'
        else coalesce(
            (
                select topic_growth.kind
                from ml.topic_growth
                where
                    topic_growth.store_id = topics.store_id
                    and topic_growth.topic_id = topics.topic_id
                    and topic_growth.last_day > current_date - 14
                order by topic_growth.last_day desc
                limit 1
            ),
            ''
        )
    end as state
from ml.topics
left join sizes
    on
        topics.store_id = sizes.store_id
        and topics.topic_id = sizes.topic_id
left join app.topic_settings
    on
        topics.store_id = topic_settings.store_id
        and topics.topic_id = topic_settings.topic_id
where %(store_id)s::text is null or topics.store_id = %(store_id)s
order by topics.store_id asc, messages desc, topics.topic_id asc
