select
    count(*) as numerator,
    null::numeric as denominator,
    nullif(count(*), 0) as value,
    true as is_final
from marts.fct_reviews
where
    fct_reviews.store_id = %(store)s
    and fct_reviews.day between %(from_day)s and %(to_day)s
