-- Nothing if it was deleted, or another content uploaded, meanwhile.
select knowledge_documents.store_id
from app.knowledge_documents
where
    knowledge_documents.document_id = %(document_id)s
    and knowledge_documents.uploaded_at = %(uploaded_at)s
for update
