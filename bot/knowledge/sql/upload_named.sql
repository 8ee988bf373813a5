select knowledge_documents.document_id
from app.knowledge_documents
where
    knowledge_documents.store_id = %(store_id)s
    and knowledge_documents.name = %(name)s
    and knowledge_documents.origin = 'upload'
order by
    knowledge_documents.uploaded_at desc,
    knowledge_documents.document_id desc
limit 1
for update
