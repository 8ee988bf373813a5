-- Which topics' messages count for another, and which are muted.
select
    topic_settings.topic_id,
    topic_settings.merged_into,
    topic_settings.is_muted
from app.topic_settings
where topic_settings.store_id = %(store_id)s
