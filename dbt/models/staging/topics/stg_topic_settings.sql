with source as (
    select * from {{ source('app', 'topic_settings') }}
),

renamed as (
    select
        source.store_id,
        source.topic_id,
        source.name,
        source.merged_into,
        source.is_muted
    from source
)

select * from renamed
