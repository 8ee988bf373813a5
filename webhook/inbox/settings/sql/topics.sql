-- The topics of a shop, the largest first; `called` is the name that is shown.
select
    topics.topic_id,
    coalesce(
        topic_settings.name,
        case %(language)s
            when 'en' then coalesce(topics.name_en, topics.name_id)
            else coalesce(topics.name_id, topics.name_en)
        end
    ) as called,
    topic_settings.name,
    topic_settings.merged_into,
    coalesce(topic_settings.is_muted, false) as is_muted,
    topics.messages,
    topics.vanished_at is not null as is_vanished
from ml.topics
left join app.topic_settings
    on
        topics.store_id = topic_settings.store_id
        and topics.topic_id = topic_settings.topic_id
where topics.store_id = %(store_id)s
order by is_vanished asc, topics.messages desc, topics.topic_id asc
