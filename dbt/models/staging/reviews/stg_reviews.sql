with source as (
    select * from {{ source('raw', 'current_reviews') }}
),

renamed as (
    select
        source.store_id,
        source.source,
        source.review_id,
        source.version,
        source.rating,
        source.text,
        source.product,
        source.language,
        source.created_at as written_at,
        source.received_at as landed_at
    from source
)

select * from renamed
