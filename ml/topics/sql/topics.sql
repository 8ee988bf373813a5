select
    topics.topic_id,
    topics.centre,
    topics.name_id,
    topics.name_en,
    topics.vanished_at is not null as is_vanished
from ml.topics
where topics.store_id = %(store_id)s
order by topics.topic_id
