with source as (
    select * from {{ source('app', 'stores') }}
),

renamed as (
    select
        source.store_id,
        source.name as store_name,
        source.timezone,
        source.currency
    from source
)

select * from renamed
