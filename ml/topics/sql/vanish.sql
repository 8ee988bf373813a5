update ml.topics
set vanished_at = %(as_of)s
where
    topics.store_id = %(store_id)s
    and topics.topic_id != all(%(found)s)
    and topics.vanished_at is null
