-- The list shows the label of the customer's newest message.
update app.conversations set
    issue = %(issue)s,
    urgency = %(urgency)s,
    changed_at = now()
where
    conversations.conversation_id = %(conversation_id)s
    and not exists (
        select from app.messages
        where
            messages.customer_key = %(customer_key)s
            and messages.store_id = %(store_id)s
            and messages.channel = %(channel)s
            and messages.author = 'customer'
            and messages.occurred_at > %(occurred_at)s
    )
