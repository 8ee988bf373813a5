select count(*)
from app.knowledge_passages
where knowledge_passages.store_id = %(store)s
