-- Stars without words have no sentiment of their own. Texts of ASCII digits and
-- punctuation only are left out here, others without words (links) when they are read.
select
    reviews.store_id,
    reviews.source,
    reviews.review_id,
    reviews.version
from raw.current_reviews as reviews
where
    reviews.text ~ '[a-zA-Z]|[^\x01-\x7f]'
    and not exists (
        select 1
        from ml.review_sentiments as sentiments
        where
            sentiments.store_id = reviews.store_id
            and sentiments.source = reviews.source
            and sentiments.review_id = reviews.review_id
            and sentiments.version = reviews.version
    )
