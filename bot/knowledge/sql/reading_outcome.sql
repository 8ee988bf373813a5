select
    knowledge_documents.state,
    knowledge_documents.reason,
    knowledge_documents.details,
    coalesce(
        (
            select
                jsonb_agg(
                    jsonb_build_array(
                        knowledge_passages.heading, knowledge_passages.text
                    )
                    order by knowledge_passages.position
                )
            from app.knowledge_passages
            where
                knowledge_passages.document_id
                = knowledge_documents.document_id
        ), '[]'
    ) as passages
from app.knowledge_documents
where knowledge_documents.document_id = %(document_id)s
