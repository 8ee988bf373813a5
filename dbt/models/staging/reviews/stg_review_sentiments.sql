with source as (
    select * from {{ source('ml', 'review_sentiments') }}
),

renamed as (
    select
        source.store_id,
        source.source,
        source.review_id,
        source.version,
        source.sentiment,
        source.probability,
        source.terms,
        source.stems
    from source
)

select * from renamed
