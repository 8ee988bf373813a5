{{ config(materialized="table", meta={"freshness": none}) }}

with reviews as (
    select * from {{ ref('stg_reviews') }}
),

review_sentiments as (
    select * from {{ ref('stg_review_sentiments') }}
),

service_dimensions as (
    select * from {{ ref('stg_service_dimensions') }}
),

stores as (
    select * from {{ ref('stg_stores') }}
),

-- a review counts once for a dimension, whichever of its words it has
reviews_of_dimensions as (
    select distinct
        reviews.store_id,
        reviews.source,
        reviews.review_id,
        {{ month_of(local_day(
            'reviews.written_at',
            "coalesce(stores.timezone, '" ~ default_timezone() ~ "')"
        )) }} as month,
        service_dimensions.dimension,
        review_sentiments.sentiment
    from reviews
    inner join review_sentiments
        on
            reviews.store_id = review_sentiments.store_id
            and reviews.source = review_sentiments.source
            and reviews.review_id = review_sentiments.review_id
            and reviews.version = review_sentiments.version
    cross join lateral unnest(review_sentiments.stems) as words (stem)
    inner join service_dimensions
        on
            reviews.store_id = service_dimensions.store_id
            and service_dimensions.kind = 'word'
            and words.stem = service_dimensions.stem
    left join stores on reviews.store_id = stores.store_id
),

final as (
    select
        reviews_of_dimensions.store_id,
        reviews_of_dimensions.dimension,
        reviews_of_dimensions.month,
        count(*)::integer as reviews,
        (count(*) filter (
            where reviews_of_dimensions.sentiment = 'positive'
        ))::integer as positive_reviews,
        100.0 * count(*) filter (
            where reviews_of_dimensions.sentiment = 'positive'
        ) / count(*) as positive_share
    from reviews_of_dimensions
    group by
        reviews_of_dimensions.store_id,
        reviews_of_dimensions.dimension,
        reviews_of_dimensions.month
)

select * from final
