with source as (
    select * from {{ source('raw', 'woocommerce_coupons') }}
),

renamed as (
    select
        source.store_id,
        source.id as coupon_id,
        source.body ->> 'code' as coupon_code,
        source.body ->> 'discount_type' as discount_type,
        {{ as_amount("source.body ->> 'amount'") }} as amount,
        source.deleted_at,
        source.changed_at as landed_at
    from source
)

select * from renamed
