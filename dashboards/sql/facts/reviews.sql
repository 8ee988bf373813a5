-- Reviews, without what they say.
select
    fct_reviews.review_id,
    fct_reviews.written_at,
    fct_reviews.source,
    fct_reviews.rating,
    fct_reviews.sentiment,
    fct_reviews.product,
    fct_reviews.language,
    fct_reviews.text_length,
    contradicting_reviews.review_id is not null as is_contradicting
from marts.fct_reviews
left join marts.contradicting_reviews
    on
        fct_reviews.store_id = contradicting_reviews.store_id
        and fct_reviews.source = contradicting_reviews.source
        and fct_reviews.review_id = contradicting_reviews.review_id
where
    fct_reviews.store_id = %(store)s
    and fct_reviews.day between %(from_day)s and %(to_day)s
