select
    topic_runs.messages,
    topic_runs.seen_until
from ml.topic_runs
where topic_runs.store_id = %(store_id)s
