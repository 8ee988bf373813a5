{#
    The texts are those of the staging view, which the settings and the
    dashboards may show; nothing is copied.
#}
{{ config(materialized="view", meta={"freshness": none}) }}

{%- set surely = 0.7 %}

with reviews as (
    select * from {{ ref('stg_reviews') }}
),

review_sentiments as (
    select * from {{ ref('stg_review_sentiments') }}
),

final as (
    select
        reviews.store_id,
        reviews.source,
        reviews.review_id,
        reviews.version,
        reviews.rating::integer as rating,
        review_sentiments.sentiment,
        review_sentiments.probability,
        reviews.written_at,
        reviews.product,
        reviews.text
    from reviews
    inner join review_sentiments
        on
            reviews.store_id = review_sentiments.store_id
            and reviews.source = review_sentiments.source
            and reviews.review_id = review_sentiments.review_id
            and reviews.version = review_sentiments.version
    where
        (reviews.rating > 3) <> (review_sentiments.sentiment = 'positive')
        and review_sentiments.probability >= {{ surely }}
)

select * from final
