-- What a shop needs before everything runs, and whether it is there.
select
    exists(
        select from app.conversations
        where
            conversations.store_id = %(store_id)s
            and conversations.address is not null
    ) as whatsapp,
    exists(
        select from app.woocommerce_syncs
        where
            woocommerce_syncs.store_id = %(store_id)s
            and woocommerce_syncs.synced_at is not null
    ) as shop,
    exists(
        select from app.business_hours
        where business_hours.store = %(store_id)s
    ) as hours,
    exists(
        select from app.knowledge_documents
        where
            knowledge_documents.store_id = %(store_id)s
            and knowledge_documents.origin = 'upload'
    ) as knowledge,
    (
        select count(*)
        from app.users
        where users.is_active
    ) > 1 as people,
    exists(
        select from app.store_options
        where
            store_options.store_id = %(store_id)s
            and store_options.first_steps_hidden_at is not null
    ) as is_hidden
