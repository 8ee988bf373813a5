select topic_runs.store_id
from ml.topic_runs
order by topic_runs.store_id
limit 1
