{{
    config(
        materialized="table",
        meta={"freshness": none},
        indexes=[{"columns": ["store_id", "day"]}],
    )
}}

with reviews as (
    select * from {{ ref('stg_reviews') }}
),

stores as (
    select * from {{ ref('stg_stores') }}
),

reviews_with_day as (
    select
        reviews.*,
        {{ local_day(
            'reviews.written_at',
            "coalesce(stores.timezone, '" ~ default_timezone() ~ "')"
        ) }} as day
    from reviews
    left join stores on reviews.store_id = stores.store_id
),

final as (
    select
        reviews_with_day.store_id,
        reviews_with_day.source,
        reviews_with_day.review_id,
        reviews_with_day.version,
        reviews_with_day.rating::integer as rating,
        case
            when reviews_with_day.rating <= 3 then 'negative' else 'positive'
        end as rating_sentiment,
        reviews_with_day.written_at,
        reviews_with_day.day,
        {{ month_of('reviews_with_day.day') }} as month,
        reviews_with_day.product,
        reviews_with_day.language,
        length(reviews_with_day.text) as text_length,
        reviews_with_day.landed_at
    from reviews_with_day
)

select * from final
