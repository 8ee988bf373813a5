select distinct reviews.store_id
from raw.current_reviews as reviews
where
    not exists (
        select 1
        from app.service_dimensions as dimensions
        where dimensions.store_id = reviews.store_id
    )
