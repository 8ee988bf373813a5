{{ config(materialized="table", meta={"freshness": none}) }}

{%- set fewest_reviews = 3 %}

with reviews as (
    select * from {{ ref('stg_reviews') }}
),

review_sentiments as (
    select * from {{ ref('stg_review_sentiments') }}
),

service_dimensions as (
    select * from {{ ref('stg_service_dimensions') }}
),

-- single words only: most pairs hold a word that is mapped
stems as (
    select
        reviews.store_id,
        words.stem,
        count(*) as reviews,
        count(*) filter (
            where review_sentiments.sentiment = 'negative'
        ) as negative_reviews
    from reviews
    inner join review_sentiments
        on
            reviews.store_id = review_sentiments.store_id
            and reviews.source = review_sentiments.source
            and reviews.review_id = review_sentiments.review_id
            and reviews.version = review_sentiments.version
    cross join lateral unnest(review_sentiments.stems) as words (stem)
    where words.stem not like '% %'
    group by reviews.store_id, words.stem
),

final as (
    select
        stems.store_id,
        stems.stem,
        stems.reviews::integer as reviews,
        stems.negative_reviews::integer as negative_reviews
    from stems
    left join service_dimensions
        on
            stems.store_id = service_dimensions.store_id
            and service_dimensions.kind = 'word'
            and stems.stem = service_dimensions.stem
    where
        service_dimensions.stem is null
        and stems.reviews >= {{ fewest_reviews }}
)

select * from final
