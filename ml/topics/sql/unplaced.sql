-- Customers' messages without a place in this space, the oldest first.
select
    fct_messages.store_id,
    'message' as kind,
    fct_messages.source,
    fct_messages.message_id as id,
    fct_messages.occurred_at
from marts.fct_messages
where
    fct_messages.author = 'customer'
    and fct_messages.occurred_at > %(since)s
    and not exists (
        select
        from ml.topic_messages
        where
            topic_messages.store_id = fct_messages.store_id
            and topic_messages.kind = 'message'
            and topic_messages.source = fct_messages.source
            and topic_messages.id = fct_messages.message_id
            and topic_messages.space_version = %(version)s
    )
order by fct_messages.occurred_at, fct_messages.source, fct_messages.message_id
