-- How many reviews the shop should list: those stored as shown, and those set
-- aside of which no version is shown.
select
    (
        select count(*)
        from raw.current_reviews
        where
            current_reviews.store_id = %(store_id)s
            and current_reviews.source = %(reviews)s
    )
    + (
        select count(*)
        from raw.rejected
        where
            rejected.source = %(rejected)s
            and rejected.resolved_at is null
            and starts_with(rejected.id, %(prefix)s)
            and not exists (
                select 1
                from raw.current_reviews
                where
                    current_reviews.store_id = %(store_id)s
                    and current_reviews.source = %(reviews)s
                    and %(prefix)s || current_reviews.review_id = rejected.id
            )
    ) as review_count
