select
    null::numeric as numerator,
    nullif(count(*), 0) as denominator,
    avg(fct_reviews.rating) as value,
    true as is_final
from marts.fct_reviews
where
    fct_reviews.store_id = %(store)s
    and fct_reviews.day between %(from_day)s and %(to_day)s
