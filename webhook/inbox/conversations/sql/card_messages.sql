-- The number of the customer's messages by issue, corrections first. Covers the
-- newest 500 messages.
with written as (
    select
        messages.source,
        messages.message_id,
        messages.occurred_at
    from app.messages
    where
        messages.customer_key = %(customer_key)s
        and messages.store_id = %(store_id)s
        and messages.author = 'customer'
    order by messages.occurred_at desc
    limit 500
)

select
    count(*) as messages,
    min(written.occurred_at) as since,
    count(*) filter (
        where coalesce(labels.issue, message_labels.issue) = 'delivery'
    ) as delivery,
    count(*) filter (
        where coalesce(labels.issue, message_labels.issue) = 'order'
    ) as "order",
    count(*) filter (
        where coalesce(labels.issue, message_labels.issue) = 'payment'
    ) as payment,
    count(*) filter (
        where coalesce(labels.issue, message_labels.issue) = 'refund'
    ) as refund,
    count(*) filter (
        where coalesce(labels.urgency, message_labels.urgency) = 'high'
    ) as high
from written
left join ml.message_labels
    on
        written.source = message_labels.source
        and written.message_id = message_labels.message_id
left join lateral (
    select
        current_labels.issue,
        current_labels.urgency
    from ml.current_labels
    where
        current_labels.source = written.source
        and current_labels.message_id = written.message_id
) as labels on true
