select
    reviews.source,
    reviews.review_id,
    reviews.text
from raw.current_reviews as reviews
where
    reviews.store_id = %(store_id)s
    and reviews.review_id = any(%(reviews)s)
