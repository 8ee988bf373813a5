select
    count(contradicting_reviews.review_id) as numerator,
    nullif(count(*), 0) as denominator,
    100.0 * count(contradicting_reviews.review_id)
    / nullif(count(*), 0) as value,
    true as is_final
from marts.fct_reviews
left join marts.contradicting_reviews
    on
        fct_reviews.store_id = contradicting_reviews.store_id
        and fct_reviews.source = contradicting_reviews.source
        and fct_reviews.review_id = contradicting_reviews.review_id
where
    fct_reviews.store_id = %(store)s
    and fct_reviews.day between %(from_day)s and %(to_day)s
