{#
    The texts are those of the staging view, which the settings and the
    dashboards may show; nothing is copied.
#}
{{ config(materialized="view", meta={"freshness": none}) }}

{%- set surely = 0.7 %}

with reviews as (
    select * from {{ ref('int_reviews') }}
),

final as (
    select
        reviews.store_id,
        reviews.source,
        reviews.review_id,
        reviews.version,
        reviews.rating,
        reviews.sentiment,
        reviews.probability,
        reviews.written_at,
        reviews.product,
        reviews.text
    from reviews
    where
        (reviews.rating > 3) <> (reviews.sentiment = 'positive')
        and reviews.probability >= {{ surely }}
)

select * from final
