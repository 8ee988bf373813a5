update app.knowledge_documents
set
    state = 'failed',
    progress = 0,
    reason = %(reason)s,
    details = %(details)s
where
    knowledge_documents.document_id = %(document_id)s
    and knowledge_documents.uploaded_at = %(uploaded_at)s
