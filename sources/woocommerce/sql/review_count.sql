-- How many reviews the shop should list: those stored as shown, and those set
-- aside of which no version is shown.
with shown as (
    select %(prefix)s || current_reviews.review_id as rejected_id
    from raw.current_reviews
    where
        current_reviews.store_id = %(store_id)s
        and current_reviews.source = %(reviews)s
),

set_aside as (
    select rejected.id
    from raw.rejected
    where
        rejected.source = %(rejected)s
        and rejected.resolved_at is null
        and starts_with(rejected.id, %(prefix)s)
)

select
    (select count(*) from shown)
    + (
        select count(*)
        from set_aside
        left join shown on set_aside.id = shown.rejected_id
        where shown.rejected_id is null
    ) as review_count
