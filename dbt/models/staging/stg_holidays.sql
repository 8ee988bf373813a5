with source as (
    select * from {{ source('app', 'holidays') }}
),

renamed as (
    select
        source.store as store_id,
        source.day
    from source
)

select * from renamed
