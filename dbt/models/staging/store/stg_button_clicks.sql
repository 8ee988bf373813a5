with source as (
    select * from {{ source('raw', 'woocommerce_clicks') }}
),

renamed as (
    select
        source.store_id,
        source.click_id,
        source.code as click_code,
        source.product_id,
        source.clicked_at,
        source.received_at as landed_at
    from source
)

select * from renamed
