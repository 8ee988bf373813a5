select
    reviews.store_id,
    reviews.text <> '' as has_text,
    extract(epoch from reviews.created_at - reviews.received_at)
    / 86400 as days_ahead
from raw.reviews as reviews
where reviews.received_at >= now() - interval '9 days'
