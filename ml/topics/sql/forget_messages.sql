-- Of messages that are gone, as when their customer was erased, nothing stays.
delete from ml.topic_messages
where
    topic_messages.kind = 'message'
    and not exists (
        select
        from marts.fct_messages
        where
            fct_messages.source = topic_messages.source
            and fct_messages.message_id = topic_messages.id
            and fct_messages.store_id = topic_messages.store_id
    )
