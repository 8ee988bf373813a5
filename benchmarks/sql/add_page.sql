insert into app.knowledge_documents (
    store_id, name, media_type, content, bytes
)
values (
    %(store_id)s, %(name)s, 'application/octet-stream', %(content)s, %(bytes)s
)
returning document_id
