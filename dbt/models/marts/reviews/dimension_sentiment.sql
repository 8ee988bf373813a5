{{ config(materialized="table", meta={"freshness": none}) }}

with reviews as (
    select * from {{ ref('int_reviews') }}
),

service_dimensions as (
    select * from {{ ref('stg_service_dimensions') }}
),

-- a review counts once for a dimension, whichever of its words it has
reviews_of_dimensions as (
    select distinct
        reviews.store_id,
        reviews.source,
        reviews.review_id,
        {{ month_of('reviews.day') }} as month,
        service_dimensions.dimension,
        reviews.sentiment
    from reviews
    cross join lateral unnest(reviews.stems) as words (stem)
    inner join service_dimensions
        on
            reviews.store_id = service_dimensions.store_id
            and service_dimensions.kind = 'word'
            and words.stem = service_dimensions.stem
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
