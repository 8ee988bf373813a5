update ml.topic_messages
set
    topic_id = found.topic_id,
    example_position = found.example_position,
    example = found.example
from (
    values %s
) as found (store_id, kind, source, id, topic_id, example_position, example)
where
    topic_messages.store_id = found.store_id
    and topic_messages.kind = found.kind
    and topic_messages.source = found.source
    and topic_messages.id = found.id
