select knowledge_documents.uploaded_at
from app.knowledge_documents
where knowledge_documents.document_id = %(document_id)s
