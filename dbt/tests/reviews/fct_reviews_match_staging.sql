-- Every review that landed no later than the newest of the fact is in it; its
-- primary key says that none is there twice.
with reviews as (
    select * from {{ ref('stg_reviews') }}
),

facts as (
    select * from {{ ref('fct_reviews') }}
),

newest as (
    select max(facts.landed_at) as landed_at
    from facts
)

select
    reviews.store_id,
    reviews.source,
    reviews.review_id
from reviews
left join facts
    on
        reviews.store_id = facts.store_id
        and reviews.source = facts.source
        and reviews.review_id = facts.review_id
        and reviews.version = facts.version
cross join newest
where facts.review_id is null and reviews.landed_at <= newest.landed_at
