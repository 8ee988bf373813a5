with source as (
    select * from {{ source('raw', 'survey_rejections') }}
),

renamed as (
    select
        source.store_id,
        source.wave,
        source.file,
        source.line,
        source.kind
    from source
)

select * from renamed
