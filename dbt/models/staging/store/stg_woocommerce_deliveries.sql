with source as (
    select * from {{ source('raw', 'woocommerce_deliveries') }}
),

renamed as (
    select
        source.store_id,
        source.delivery_id,
        source.topic,
        source.resource,
        source.resource_id,
        source.received_at as landed_at
    from source
)

select * from renamed
