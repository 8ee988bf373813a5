with source as (
    select * from {{ source('app', 'business_hours') }}
),

renamed as (
    select
        source.store as store_id,
        source.weekday,
        source.opens,
        source.closes
    from source
)

select * from renamed
