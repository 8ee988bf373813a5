insert into ml.topics (
    store_id, name_id, name_en, language, centre, messages
)
values (
    %(store_id)s, %(name_id)s, %(name_en)s, %(language)s, %(centre)s,
    %(messages)s
)
returning topics.topic_id
