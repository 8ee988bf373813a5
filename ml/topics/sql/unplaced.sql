-- Customers' messages and reviews without a place in this space, or with that of
-- an older version of the review, the oldest first.
with written as (
    select
        fct_messages.store_id,
        'message' as kind,
        fct_messages.source,
        fct_messages.message_id as id,
        1 as version,
        fct_messages.occurred_at
    from marts.fct_messages
    where
        fct_messages.author = 'customer'
        and fct_messages.occurred_at > %(since)s

    union all

    select
        current_reviews.store_id,
        'review' as kind,
        current_reviews.source,
        current_reviews.review_id as id,
        current_reviews.version,
        current_reviews.created_at as occurred_at
    from raw.current_reviews
    where current_reviews.created_at > %(since)s
)

select
    written.store_id,
    written.kind,
    written.source,
    written.id,
    written.version,
    written.occurred_at
from written
where not exists (
    select
    from ml.topic_messages
    where
        topic_messages.store_id = written.store_id
        and topic_messages.kind = written.kind
        and topic_messages.source = written.source
        and topic_messages.id = written.id
        and topic_messages.version = written.version
        and topic_messages.space_version = %(version)s
)
order by
    written.occurred_at asc,
    written.kind asc,
    written.source asc,
    written.id asc
