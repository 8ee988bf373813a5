update app.knowledge_documents
set state = 'reading', progress = 0
where
    knowledge_documents.document_id = %(document_id)s
    and knowledge_documents.origin = 'upload'
returning
    knowledge_documents.store_id,
    knowledge_documents.content,
    knowledge_documents.uploaded_at
