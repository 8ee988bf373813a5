with source as (
    select * from {{ source('ml', 'topics') }}
),

renamed as (
    select
        source.store_id,
        source.topic_id,
        source.name_id,
        source.name_en,
        source.language,
        source.found_at,
        source.vanished_at
    from source
)

select * from renamed
