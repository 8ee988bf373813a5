with source as (
    select * from {{ source('app', 'survey_items') }}
),

renamed as (
    select
        source.store_id,
        source.wave,
        source.item,
        source.position,
        source.dimension,
        source.text_id,
        source.text_en
    from source
)

select * from renamed
