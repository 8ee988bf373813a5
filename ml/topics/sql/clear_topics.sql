-- Before a discovery writes what it found.
update ml.topic_messages
set
    topic_id = null,
    example = null,
    example_position = null
where
    topic_messages.store_id = %(store_id)s
    and (
        topic_messages.topic_id is not null
        or topic_messages.example is not null
    )
