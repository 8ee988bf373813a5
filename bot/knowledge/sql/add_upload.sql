insert into app.knowledge_documents (
    store_id, name, media_type, content, bytes, uploaded_by
)
values (
    %(store_id)s,
    %(name)s,
    'application/octet-stream',
    %(content)s,
    %(bytes)s,
    %(user_id)s
)
returning document_id
