-- A shop's messages that say something, with the conversation that each is of.
select
    topic_messages.kind,
    topic_messages.source,
    topic_messages.id,
    topic_messages.occurred_at,
    topic_messages.language,
    topic_messages.place,
    topic_messages.topic_id,
    coalesce(fct_messages.episode_id, topic_messages.id) as conversation
from ml.topic_messages
left join marts.fct_messages
    on
        topic_messages.kind = 'message'
        and topic_messages.source = fct_messages.source
        and topic_messages.id = fct_messages.message_id
where
    topic_messages.store_id = %(store_id)s
    and topic_messages.space_version = %(version)s
    and topic_messages.place is not null
    and topic_messages.occurred_at > %(since)s
    and topic_messages.occurred_at <= %(as_of)s
order by topic_messages.occurred_at, topic_messages.source, topic_messages.id
