-- Reviews whose text and stars disagree, those of the surest sentiment first.
select
    to_char(fct_reviews.day, 'YYYY-MM-DD') as day,
    contradicting_reviews.rating,
    contradicting_reviews.sentiment,
    contradicting_reviews.text as review,
    contradicting_reviews.product
from marts.contradicting_reviews
inner join marts.fct_reviews
    on
        contradicting_reviews.store_id = fct_reviews.store_id
        and contradicting_reviews.source = fct_reviews.source
        and contradicting_reviews.review_id = fct_reviews.review_id
where
    fct_reviews.store_id = %(store)s
    and fct_reviews.day between %(from_day)s and %(to_day)s
order by
    contradicting_reviews.probability desc,
    contradicting_reviews.review_id asc
limit 50
