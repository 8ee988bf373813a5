update app.knowledge_documents
set
    state = 'read',
    progress = 100,
    reason = null,
    media_type = %(media_type)s,
    details = %(details)s,
    read_at = now()
where knowledge_documents.document_id = %(document_id)s
