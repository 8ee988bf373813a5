-- A topic keeps its names; one in a language that it had none in is added.
update ml.topics
set
    name_id = coalesce(topics.name_id, %(name_id)s),
    name_en = coalesce(topics.name_en, %(name_en)s),
    language = %(language)s,
    centre = %(centre)s,
    messages = %(messages)s,
    vanished_at = null
where
    topics.store_id = %(store_id)s
    and topics.topic_id = %(topic_id)s
