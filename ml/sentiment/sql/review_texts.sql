select
    reviews.store_id,
    reviews.source,
    reviews.review_id,
    reviews.version,
    reviews.text
from raw.reviews
inner join
    unnest(
        %(store_id)s::text[],
        %(source)s::text[],
        %(review_id)s::text[],
        %(version)s::integer[]
    ) as chosen (store_id, source, review_id, version)
    on
        reviews.store_id = chosen.store_id
        and reviews.source = chosen.source
        and reviews.review_id = chosen.review_id
        and reviews.version = chosen.version
