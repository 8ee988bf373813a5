with source as (
    select * from {{ source('app', 'survey_waves') }}
),

renamed as (
    select
        source.store_id,
        source.wave,
        source.title_id,
        source.title_en,
        source.state,
        source.opened_at,
        source.closed_at
    from source
)

select * from renamed
