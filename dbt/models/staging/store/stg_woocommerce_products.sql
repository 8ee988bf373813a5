with source as (
    select * from {{ source('raw', 'woocommerce_products') }}
),

renamed as (
    select
        source.store_id,
        source.id as product_id,
        body.name as product_name,
        body.type as product_type,
        body.status,
        nullif(body.sku, '') as sku,
        {{ as_amount('body.price') }} as price,
        body.categories,
        source.deleted_at,
        source.changed_at as landed_at
    from source
    cross join lateral jsonb_to_record({{ as_object('source.body') }}) as body (
        name text,
        type text,
        status text,
        sku text,
        price text,
        categories jsonb
    )
)

select * from renamed
