with source as (
    select * from {{ source('app', 'service_dimensions') }}
),

renamed as (
    select
        source.store_id,
        source.kind,
        source.term,
        source.stem,
        source.dimension
    from source
)

select * from renamed
