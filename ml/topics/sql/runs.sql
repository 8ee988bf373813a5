select
    topic_runs.store_id,
    topic_runs.means
from ml.topic_runs
where topic_runs.space_version = %(version)s
