with source as (
    select * from {{ source('app', 'kpi_targets') }}
),

renamed as (
    select
        source.store as store_id,
        source.metric,
        source.target
    from source
)

select * from renamed
