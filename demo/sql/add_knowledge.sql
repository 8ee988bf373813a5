-- A page of the shop's knowledge, unless it is there as it is.
insert into app.knowledge_documents (store_id, name, media_type, content, bytes)
select
    %(store)s as store_id,
    %(name)s as name,
    'text/markdown' as media_type,
    %(content)s::bytea as content,
    length(%(content)s::bytea) as bytes
where not exists (
    select 1
    from app.knowledge_documents
    where
        knowledge_documents.store_id = %(store)s
        and knowledge_documents.name = %(name)s
        and knowledge_documents.state = 'read'
)
returning knowledge_documents.document_id
