-- Topics that customers write about now, the largest first.
select
    topics.topic_id,
    coalesce(
        topic_settings.name,
        case %(language)s
            when 'en' then coalesce(topics.name_en, topics.name_id)
            else coalesce(topics.name_id, topics.name_en)
        end
    ) as name
from ml.topics
left join app.topic_settings
    on
        topics.store_id = topic_settings.store_id
        and topics.topic_id = topic_settings.topic_id
where
    topics.vanished_at is null
    and topic_settings.merged_into is null
order by topics.messages desc, topics.topic_id asc
limit 60
