with source as (
    select * from {{ source('raw', 'woocommerce_variations') }}
),

renamed as (
    select
        source.store_id,
        source.id as variation_id,
        source.product_id,
        body.name as variation_name,
        body.status,
        nullif(body.sku, '') as sku,
        {{ as_amount('body.price') }} as price,
        source.deleted_at,
        source.changed_at as landed_at
    from source
    cross join lateral jsonb_to_record({{ as_object('source.body') }}) as body (
        name text,
        status text,
        sku text,
        price text
    )
)

select * from renamed
