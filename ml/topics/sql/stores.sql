select distinct topic_messages.store_id
from ml.topic_messages
order by topic_messages.store_id
