-- The words and pairs of words that tell most, of either side.
with words as (
    select
        review_words.term,
        -review_words.z_score as value,
        row_number() over (
            partition by review_words.z_score > 0
            order by abs(review_words.z_score) desc, review_words.term asc
        ) as place
    from marts.review_words
    where
        review_words.store_id = %(store)s
        and review_words.z_score != 0
)

select
    words.term as series,
    words.value
from words
where words.place <= 10
order by words.value desc, words.term asc
