-- No row if the document was deleted or uploaded again meanwhile.
select knowledge_documents.store_id
from app.knowledge_documents
where
    knowledge_documents.document_id = %(document_id)s
    and knowledge_documents.uploaded_at = %(uploaded_at)s
for update
