select
    fct_reviews.rating::text as series,
    count(*) as value
from marts.fct_reviews
where
    fct_reviews.store_id = %(store)s
    and fct_reviews.day between %(from_day)s and %(to_day)s
group by fct_reviews.rating
order by fct_reviews.rating desc
