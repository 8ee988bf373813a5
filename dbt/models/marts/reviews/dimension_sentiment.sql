{{ config(materialized="table", meta={"freshness": none}) }}

with reviews as (
    select * from {{ ref('int_reviews') }}
),

service_dimensions as (
    select * from {{ ref('stg_service_dimensions') }}
),

messages as (
    select * from {{ ref('fct_messages') }}
),

message_dimensions as (
    select * from {{ ref('int_message_dimensions') }}
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

-- as in sentiment_positive_share, messages count on the day on which their
-- episode started
texts_of_dimensions as (
    select
        reviews_of_dimensions.store_id,
        'reviews' as source,
        reviews_of_dimensions.dimension,
        reviews_of_dimensions.month,
        reviews_of_dimensions.sentiment
    from reviews_of_dimensions

    union all

    select
        messages.store_id,
        'chat' as source,
        message_dimensions.dimension,
        {{ month_of('messages.episode_day') }} as month,
        messages.sentiment
    from messages
    inner join message_dimensions
        on
            messages.source = message_dimensions.source
            and messages.message_id = message_dimensions.message_id
    where messages.sentiment <> 'unscored'
),

final as (
    select
        texts_of_dimensions.store_id,
        texts_of_dimensions.source,
        texts_of_dimensions.dimension,
        texts_of_dimensions.month,
        count(*)::integer as texts,
        (count(*) filter (
            where texts_of_dimensions.sentiment = 'positive'
        ))::integer as positive_texts,
        (count(*) filter (
            where texts_of_dimensions.sentiment = 'negative'
        ))::integer as negative_texts,
        100.0 * count(*) filter (
            where texts_of_dimensions.sentiment = 'positive'
        ) / count(*) as positive_share
    from texts_of_dimensions
    group by
        texts_of_dimensions.store_id,
        texts_of_dimensions.source,
        texts_of_dimensions.dimension,
        texts_of_dimensions.month
)

select * from final
