-- How many objects of a kind the shop should list: those that we hold, and those
-- that were set aside though they were listed.
select
    (
        select count(*)
        from raw.woocommerce_objects as held
        where
            held.store_id = %(store_id)s
            and held.resource = %(resource)s
            and held.deleted_at is null
            and held.status <> all(%(unlisted)s)
    )
    + (
        select count(*)
        from raw.rejected
        where
            rejected.source = %(source)s
            and starts_with(rejected.id, %(prefix)s)
            and substr(rejected.id, length(%(prefix)s) + 1) ~ '^[0-9]+$'
            and rejected.resolved_at is null
            and not exists (
                select 1
                from raw.woocommerce_objects as held
                where
                    held.store_id = %(store_id)s
                    and held.resource = %(resource)s
                    and held.deleted_at is null
                    and %(prefix)s || held.id = rejected.id
            )
    ) as held_count
