with source as (
    select * from {{ source('ml', 'message_labels') }}
),

renamed as (
    select
        source.source,
        source.message_id,
        source.issue,
        source.urgency,
        source.language,
        source.scored_at as landed_at
    from source
)

select * from renamed
