-- Single words of either side, by the reviews that they are in.
with words as (
    select
        review_words.term,
        case
            when review_words.z_score > 0 then -review_words.negative_reviews
            else review_words.positive_reviews
        end as value,
        row_number() over (
            partition by review_words.z_score > 0
            order by abs(review_words.z_score) desc, review_words.term asc
        ) as place
    from marts.review_words
    where
        review_words.store_id = %(store)s
        and not review_words.is_pair
)

select
    words.term as series,
    words.value
from words
where words.place <= 30
order by words.value desc, words.term asc
