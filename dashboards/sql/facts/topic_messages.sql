-- Customers' messages and reviews that were read for topics, by their own day.
select
    fct_topic_messages.message_id,
    fct_topic_messages.occurred_at,
    fct_topic_messages.source,
    fct_topic_messages.channel,
    fct_topic_messages.customer_key,
    fct_topic_messages.episode_id,
    fct_topic_messages.topic_name as topic,
    fct_topic_messages.issue,
    fct_topic_messages.urgency,
    fct_topic_messages.language,
    fct_topic_messages.sentiment,
    fct_topic_messages.rating,
    fct_topic_messages.kind = 'message' as is_message,
    fct_topic_messages.topic_name is not null as is_about_topic,
    coalesce(fct_topic_messages.urgency = 'high', false) as is_urgent
from marts.fct_topic_messages
where
    fct_topic_messages.store_id = %(store)s
    and fct_topic_messages.day between %(from_day)s and %(to_day)s
    and %(channel)s in ('all', fct_topic_messages.channel)
