-- Lands reviews, each id at most once, and says of each what came of it. A
-- version that has landed before, or that is older than the newest, adds none,
-- unless it is known to be what the source shows now (`is_current`).
-- A review that its source had withdrawn is shown again.
with incoming (
    store_id,
    source,
    is_current,
    review_id,
    rating,
    text,
    author,
    product,
    language,
    created_at
) as (
    values %s
),

newest as (
    select distinct on (incoming.review_id)
        incoming.review_id,
        reviews.version,
        reviews.rating,
        reviews.text,
        reviews.created_at,
        reviews.withdrawn_at
    from incoming
    inner join raw.reviews
        on
            incoming.store_id = reviews.store_id
            and incoming.source = reviews.source
            and incoming.review_id = reviews.review_id
    order by incoming.review_id asc, reviews.version desc
),

judged as (
    select
        incoming.*,
        newest.version,
        newest.withdrawn_at,
        case
            when newest.version is null then 'new'
            when
                incoming.rating = newest.rating
                and incoming.text = newest.text
                then 'unchanged'
            when incoming.is_current then 'changed'
            when incoming.created_at < newest.created_at then 'older'
            when
                exists (
                    select 1
                    from raw.reviews
                    where
                        reviews.store_id = incoming.store_id
                        and reviews.source = incoming.source
                        and reviews.review_id = incoming.review_id
                        and reviews.rating = incoming.rating
                        and reviews.text = incoming.text
                        and reviews.created_at = incoming.created_at
                )
                then 'older'
            else 'changed'
        end as outcome
    from incoming
    left join newest on incoming.review_id = newest.review_id
),

landed as (
    insert into raw.reviews (
        store_id,
        source,
        review_id,
        version,
        rating,
        text,
        author,
        product,
        language,
        created_at
    )
    select
        judged.store_id,
        judged.source,
        judged.review_id,
        coalesce(judged.version, 0) + 1 as version,
        judged.rating,
        judged.text,
        judged.author,
        judged.product,
        judged.language,
        judged.created_at
    from judged
    where judged.outcome in ('new', 'changed')
),

shown_again as (
    update raw.reviews
    set withdrawn_at = null
    from judged
    where
        judged.outcome = 'unchanged'
        and judged.withdrawn_at is not null
        and reviews.store_id = judged.store_id
        and reviews.source = judged.source
        and reviews.review_id = judged.review_id
        and reviews.version = judged.version
)

select
    judged.review_id,
    case
        when
            judged.outcome = 'unchanged' and judged.withdrawn_at is not null
            then 'changed'
        else judged.outcome
    end as outcome
from judged
