update app.knowledge_documents
set progress = %(progress)s
where
    knowledge_documents.document_id = %(document_id)s
    and knowledge_documents.state = 'reading'
