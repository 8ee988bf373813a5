-- The passages of a store nearest to a question by words, by meaning, or both.
-- `words`: the question's words with slang written out; a passage has a word if
-- it has its stem in either language. Rare words count more.
with asked as (
    select
        asked.word,
        (
            select string_agg(quote_literal(stems.lexeme), ' | ')::tsquery
            from
                unnest(
                    to_tsvector('indonesian', asked.word)
                    || to_tsvector('english', asked.word)
                ) as stems
        ) as stems
    from unnest(%(words)s::text[]) as asked (word)
),

question as (
    select
        %(question)s::vector as meaning,
        %(encoder_version)s::text as encoder_version
),

passages as (
    -- Smoothing: in a store's first document every other word would be rare.
    select count(*) + 20 as total
    from app.knowledge_passages
    where knowledge_passages.store_id = %(store_id)s
),

found as (
    select
        asked.word,
        knowledge_passages.passage_id,
        ts_filter(knowledge_passages.words, '{a}') @@ asked.stems as in_heading,
        count(*) over (partition by asked.word) as passages_with_word
    from asked
    inner join app.knowledge_passages
        on knowledge_passages.words @@ asked.stems
    where knowledge_passages.store_id = %(store_id)s
),

weights as (
    select
        asked.word,
        ln(
            1
            + (passages.total - coalesce(max(found.passages_with_word), 0) + 0.5)
            / (coalesce(max(found.passages_with_word), 0) + 0.5)
        ) as weight
    from asked
    cross join passages
    left join found on asked.word = found.word
    where asked.stems is not null
    group by asked.word, passages.total
),

whole as (
    select sum(weights.weight) as weight
    from weights
),

by_words as (
    select
        found.passage_id,
        sum(weights.weight * case when found.in_heading then 1.5 else 1 end)
            as words_score,
        sum(weights.weight) / max(whole.weight) as coverage
    from found
    inner join weights on found.word = weights.word
    cross join whole
    group by found.passage_id
    order by words_score desc, found.passage_id asc
    limit %(candidates)s
),

by_meaning as (
    select
        knowledge_passages.passage_id,
        1 - (knowledge_passages.embedding <=> question.meaning) as cosine
    from app.knowledge_passages
    inner join question
        on knowledge_passages.encoder_version = question.encoder_version
    where knowledge_passages.store_id = %(store_id)s
    order by cosine desc
    limit %(candidates)s
),

ranked as (
    select
        coalesce(by_words.passage_id, by_meaning.passage_id) as passage_id,
        by_words.coverage,
        by_words.words_score,
        by_meaning.cosine,
        case when by_words.passage_id is not null then
            rank() over (order by by_words.words_score desc nulls last)
        end as words_rank,
        case when by_meaning.passage_id is not null then
            rank() over (order by by_meaning.cosine desc nulls last)
        end as meaning_rank
    from by_words
    full outer join by_meaning on by_words.passage_id = by_meaning.passage_id
)

select
    knowledge_passages.passage_id,
    knowledge_passages.document_id,
    knowledge_documents.name,
    knowledge_documents.origin = 'products' as is_product,
    knowledge_passages.heading,
    knowledge_passages.text,
    knowledge_passages.language,
    coalesce(ranked.coverage, 0)::float8 as coverage,
    1 - (knowledge_passages.embedding <=> question.meaning) as cosine,
    ranked.words_rank,
    ranked.meaning_rank
from ranked
inner join app.knowledge_passages
    on ranked.passage_id = knowledge_passages.passage_id
inner join app.knowledge_documents
    on knowledge_passages.document_id = knowledge_documents.document_id
left join question
    on knowledge_passages.encoder_version = question.encoder_version
-- Reciprocal rank fusion.
order by
    coalesce(1.0 / (60 + ranked.words_rank), 0)
    + coalesce(1.0 / (60 + ranked.meaning_rank), 0) desc,
    ranked.cosine desc nulls last,
    ranked.passage_id asc
limit %(limit)s
