-- Ids of the shop's reviews that are stored as shown, or set aside.
select current_reviews.review_id
from raw.current_reviews
where
    current_reviews.store_id = %(store_id)s
    and current_reviews.source = %(source)s
    and current_reviews.review_id ~ '^[0-9]{1,18}$'
union
select substr(rejected.id, length(%(prefix)s) + 1) as review_id
from raw.rejected
where
    rejected.source = %(rejected)s
    and rejected.resolved_at is null
    and starts_with(rejected.id, %(prefix)s)
    and substr(rejected.id, length(%(prefix)s) + 1) ~ '^[0-9]{1,18}$'
