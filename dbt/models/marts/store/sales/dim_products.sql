{{ config(materialized="table") }}

with products as (
    select * from {{ ref('stg_woocommerce_products') }}
),

variations as (
    select * from {{ ref('stg_woocommerce_variations') }}
),

order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

listed_products as (
    select
        products.store_id,
        products.product_id,
        null::bigint as parent_product_id,
        products.product_name,
        products.product_type,
        products.status,
        products.sku,
        products.price,
        (
            select
                string_agg(
                    category ->> 'name', ', ' order by category ->> 'name'
                )
            from {{ elements('products.categories') }} as category
        ) as categories,
        products.deleted_at is null as is_listed
    from products

    union all

    select
        variations.store_id,
        variations.variation_id as product_id,
        variations.product_id as parent_product_id,
        concat_ws(
            ' - ', products.product_name, variations.variation_name
        ) as product_name,
        'variation' as product_type,
        variations.status,
        variations.sku,
        variations.price,
        null as categories,
        variations.deleted_at is null as is_listed
    from variations
    left join products
        on
            variations.store_id = products.store_id
            and variations.product_id = products.product_id
),

-- sold, but no longer listed
sold_products as (
    select
        order_lines.store_id,
        order_lines.product_id,
        null::bigint as parent_product_id,
        order_lines.product_name,
        order_lines.order_id
    from order_lines
    where order_lines.product_id is not null

    union all

    select
        order_lines.store_id,
        order_lines.variation_id as product_id,
        order_lines.product_id as parent_product_id,
        order_lines.product_name,
        order_lines.order_id
    from order_lines
    where order_lines.variation_id is not null
),

unlisted_products as (
    select distinct on (sold_products.store_id, sold_products.product_id)
        sold_products.store_id,
        sold_products.product_id,
        sold_products.parent_product_id,
        sold_products.product_name
    from sold_products
    left join listed_products
        on
            sold_products.store_id = listed_products.store_id
            and sold_products.product_id = listed_products.product_id
    where listed_products.product_id is null
    order by
        sold_products.store_id asc,
        sold_products.product_id asc,
        sold_products.order_id desc,
        sold_products.product_name asc,
        sold_products.parent_product_id asc
),

final as (
    select distinct on (listed_products.store_id, listed_products.product_id)
        listed_products.*
    from listed_products
    order by
        listed_products.store_id asc,
        listed_products.product_id asc,
        listed_products.is_listed desc,
        listed_products.product_type asc
)

select
    final.store_id,
    final.product_id,
    final.parent_product_id,
    final.product_name,
    final.product_type,
    final.status,
    final.sku,
    final.price,
    final.categories,
    final.is_listed
from final

union all

select
    unlisted_products.store_id,
    unlisted_products.product_id,
    unlisted_products.parent_product_id,
    unlisted_products.product_name,
    null as product_type,
    null as status,
    null as sku,
    null as price,
    null as categories,
    false as is_listed
from unlisted_products
