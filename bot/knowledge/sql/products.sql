-- Products for sale, each with its variations.
with variations as (
    select
        woocommerce_variations.product_id,
        jsonb_agg(
            woocommerce_variations.body order by woocommerce_variations.id
        ) as bodies
    from raw.woocommerce_variations
    where
        woocommerce_variations.store_id = %(store_id)s
        and woocommerce_variations.deleted_at is null
        and woocommerce_variations.body ->> 'status' = 'publish'
    group by woocommerce_variations.product_id
)

select
    woocommerce_products.body,
    coalesce(variations.bodies, '[]') as variations,
    store_settings.currency,
    store_settings.timezone
from raw.woocommerce_products
left join app.store_settings
    on woocommerce_products.store_id = store_settings.store_id
left join variations
    on woocommerce_products.id = variations.product_id
where
    woocommerce_products.store_id = %(store_id)s
    and woocommerce_products.deleted_at is null
    and woocommerce_products.body ->> 'status' = 'publish'
    and coalesce(woocommerce_products.body ->> 'catalog_visibility', 'visible')
    != 'hidden'
order by woocommerce_products.id
