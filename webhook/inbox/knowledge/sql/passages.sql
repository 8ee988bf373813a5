select
    knowledge_passages.position,
    knowledge_passages.heading,
    knowledge_passages.text,
    knowledge_passages.language
from app.knowledge_passages
where
    knowledge_passages.store_id = %(store_id)s
    and knowledge_passages.document_id = %(document_id)s
    and knowledge_passages.position >= %(first)s
order by knowledge_passages.position
limit %(most)s
