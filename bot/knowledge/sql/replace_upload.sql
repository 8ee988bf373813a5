-- The old passages stay in use until the new content is processed.
update app.knowledge_documents
set
    name = %(name)s,
    content = %(content)s,
    bytes = %(bytes)s,
    state = 'waiting',
    progress = 0,
    reason = null,
    details = '{}',
    uploaded_by = %(user_id)s,
    uploaded_at = clock_timestamp()
where
    knowledge_documents.store_id = %(store_id)s
    and knowledge_documents.document_id = %(document_id)s
    and knowledge_documents.origin = 'upload'
returning knowledge_documents.document_id
