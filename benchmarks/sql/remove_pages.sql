delete from app.knowledge_documents
where knowledge_documents.store_id = %(store_id)s
