delete from app.knowledge_passages
where knowledge_passages.document_id = %(document_id)s
