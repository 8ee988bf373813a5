{{ config(materialized="view") }}

with reviews as (
    select * from {{ ref('stg_reviews') }}
),

review_sentiments as (
    select * from {{ ref('stg_review_sentiments') }}
),

stores as (
    select * from {{ ref('stg_stores') }}
),

final as (
    select
        reviews.store_id,
        reviews.source,
        reviews.review_id,
        reviews.version,
        reviews.rating::integer as rating,
        reviews.written_at,
        {{ local_day(
            'reviews.written_at',
            "coalesce(stores.timezone, '" ~ default_timezone() ~ "')"
        ) }} as day,
        reviews.product,
        reviews.language,
        reviews.text,
        reviews.landed_at,
        review_sentiments.sentiment,
        review_sentiments.probability,
        review_sentiments.terms,
        review_sentiments.stems
    from reviews
    left join stores on reviews.store_id = stores.store_id
    left join review_sentiments
        on
            reviews.store_id = review_sentiments.store_id
            and reviews.source = review_sentiments.source
            and reviews.review_id = review_sentiments.review_id
            and reviews.version = review_sentiments.version
)

select * from final
