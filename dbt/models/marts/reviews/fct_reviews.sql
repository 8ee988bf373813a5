{{
    config(
        materialized="table",
        meta={"freshness": none},
        indexes=[{"columns": ["store_id", "day"]}],
    )
}}

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
        case
            when reviews.rating <= 3 then 'negative' else 'positive'
        end as rating_sentiment,
        reviews.sentiment,
        reviews.written_at,
        reviews.day,
        {{ month_of('reviews.day') }} as month,
        reviews.product,
        reviews.language,
        length(reviews.text) as text_length,
        reviews.landed_at
    from reviews
)

select * from final
