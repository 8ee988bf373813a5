with source as (
    select * from {{ source('ml', 'message_sentiments') }}
),

renamed as (
    select
        source.source,
        source.message_id,
        source.sentiment,
        source.scored_at as landed_at
    from source
)

select * from renamed
