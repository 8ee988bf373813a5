-- The words of a store's passages that begin with one of these letters.
with pages as (
    select
        regexp_split_to_table(
            lower(
                concat_ws(' ', knowledge_passages.heading, knowledge_passages.text)
            ),
            '[^[:alpha:]]+'
        ) as word
    from app.knowledge_passages
    where knowledge_passages.store_id = %(store_id)s
)

select distinct pages.word
from pages
where
    left(pages.word, 1) = any(%(first_letters)s)
    and length(pages.word) >= %(least_letters)s
order by pages.word
