delete from app.knowledge_documents
where
    knowledge_documents.store_id = %(store_id)s
    and knowledge_documents.document_id = %(document_id)s
    and knowledge_documents.origin = 'upload'
returning knowledge_documents.name
