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
            messages.store_id = conversations.store_id
            and messages.channel = conversations.channel
            and messages.customer_key = conversations.customer_key
            and messages.author = 'customer'
            and messages.occurred_at > (
                select labelled.occurred_at
                from app.messages as labelled
                where
                    labelled.message_id = %(message_id)s
                    and labelled.source = %(source)s
            )
    )
