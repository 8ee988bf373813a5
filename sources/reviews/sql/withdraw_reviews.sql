-- Marks the newest versions of reviews that their source no longer shows.
update raw.reviews
set withdrawn_at = now()
from (
    select
        versions.review_id,
        max(versions.version) as version
    from raw.reviews as versions
    where
        versions.store_id = %(store_id)s
        and versions.source = %(source)s
        and versions.review_id = any(%(ids)s)
    group by versions.review_id
) as newest
where
    reviews.store_id = %(store_id)s
    and reviews.source = %(source)s
    and reviews.review_id = newest.review_id
    and reviews.version = newest.version
    and reviews.withdrawn_at is null
