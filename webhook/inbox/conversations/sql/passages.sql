select
    knowledge_passages.passage_id,
    knowledge_passages.heading,
    left(knowledge_passages.text, 300) as text,
    knowledge_documents.name
from app.knowledge_passages
inner join app.knowledge_documents
    on knowledge_passages.document_id = knowledge_documents.document_id
where knowledge_passages.passage_id = any(%(passage_ids)s)
