select
    set_aside_reviews.line,
    set_aside_reviews.reason,
    set_aside_reviews.content
from app.set_aside_reviews
where
    set_aside_reviews.store_id = %(store_id)s
    and set_aside_reviews.digest = %(digest)s
order by set_aside_reviews.line
limit %(most)s
