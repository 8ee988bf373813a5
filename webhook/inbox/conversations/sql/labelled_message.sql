-- A customer's message of this thread, with its current label.
select
    messages.source,
    messages.occurred_at,
    coalesce(current_labels.issue, message_labels.issue, 'other') as issue,
    coalesce(
        current_labels.urgency, message_labels.urgency, 'normal'
    ) as urgency
from app.messages
left join ml.current_labels
    on
        messages.source = current_labels.source
        and messages.message_id = current_labels.message_id
left join ml.message_labels
    on
        messages.source = message_labels.source
        and messages.message_id = message_labels.message_id
where
    messages.message_id = %(message_id)s
    and messages.store_id = %(store_id)s
    and messages.channel = %(channel)s
    and messages.customer_key = %(customer_key)s
    and messages.author = 'customer'
