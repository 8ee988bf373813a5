-- A shop's documents: the product catalogue, then uploads, newest first.
select
    knowledge_documents.document_id,
    knowledge_documents.origin,
    knowledge_documents.name,
    knowledge_documents.media_type,
    knowledge_documents.bytes,
    knowledge_documents.state,
    knowledge_documents.progress,
    knowledge_documents.reason,
    knowledge_documents.details,
    knowledge_documents.uploaded_at,
    knowledge_documents.read_at,
    users.name as uploaded_by,
    exists(
        select 1
        from app.knowledge_passages
        where
            knowledge_passages.document_id = knowledge_documents.document_id
    ) as has_passages
from app.knowledge_documents
left join app.users
    on knowledge_documents.uploaded_by = users.user_id
where
    knowledge_documents.store_id = %(store_id)s
    and (
        %(only)s::bigint is null
        or knowledge_documents.document_id = %(only)s
    )
order by
    knowledge_documents.origin asc,
    knowledge_documents.uploaded_at desc,
    knowledge_documents.document_id desc
