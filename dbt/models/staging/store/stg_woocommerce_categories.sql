with source as (
    select * from {{ source('raw', 'woocommerce_categories') }}
),

renamed as (
    select
        source.store_id,
        source.id as category_id,
        source.body ->> 'name' as category_name,
        {{ as_id("source.body ->> 'parent'") }} as parent_id,
        source.deleted_at,
        source.changed_at as landed_at
    from source
)

select * from renamed
