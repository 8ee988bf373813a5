-- How many of these have landed as they are.
select count(*)
from unnest(
    %(ids)s::text[], %(ratings)s::smallint[], %(texts)s::text[]
) as asked (review_id, rating, text)
where
    exists (
        select 1
        from raw.reviews
        where
            reviews.store_id = %(store_id)s
            and reviews.source = %(source)s
            and reviews.review_id = asked.review_id
            and reviews.rating = asked.rating
            and reviews.text = asked.text
    )
