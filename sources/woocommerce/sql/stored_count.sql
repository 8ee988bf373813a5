-- How many objects of a kind the shop should list: those stored, and those
-- rejected although they were listed.
select
    (
        select count(*)
        from raw.woocommerce_objects as stored
        where
            stored.store_id = %(store_id)s
            and stored.resource = %(resource)s
            and stored.deleted_at is null
            and stored.status <> all(%(unlisted)s)
    )
    + (
        select count(*)
        from raw.rejected
        where
            rejected.source = %(source)s
            and starts_with(rejected.id, %(prefix)s)
            and substr(rejected.id, length(%(prefix)s) + 1)
            ~ '^([0-9]+|(after|place)-.*)$'
            and rejected.resolved_at is null
            and not exists (
                select 1
                from raw.woocommerce_objects as stored
                where
                    stored.store_id = %(store_id)s
                    and stored.resource = %(resource)s
                    and stored.deleted_at is null
                    and %(prefix)s || stored.id = rejected.id
            )
    ) as stored_count
