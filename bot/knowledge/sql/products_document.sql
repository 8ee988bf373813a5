-- The document of a store's products, locked, and what it was last built of.
insert into app.knowledge_documents as knowledge_documents (
    store_id, origin, name, media_type
)
values (%(store_id)s, 'products', 'WooCommerce', 'application/json')
on conflict (store_id) where origin = 'products' do update set
    store_id = excluded.store_id
returning
    knowledge_documents.document_id,
    knowledge_documents.uploaded_at,
    knowledge_documents.details ->> 'built_of' as built_of
