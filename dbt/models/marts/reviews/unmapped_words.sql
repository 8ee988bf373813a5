{{ config(materialized="table", meta={"freshness": none}) }}

{%- set fewest_reviews = 3 %}

with reviews as (
    select * from {{ ref('int_reviews') }}
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
            where reviews.sentiment = 'negative'
        ) as negative_reviews
    from reviews
    cross join lateral unnest(reviews.stems) as words (stem)
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
