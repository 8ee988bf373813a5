with source as (
    select * from {{ source('ml', 'current_labels') }}
),

renamed as (
    select
        source.source,
        source.message_id,
        source.issue,
        source.urgency,
        source.labelled_at as landed_at
    from source
)

select * from renamed
