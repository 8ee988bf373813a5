-- Products that customers may see, with their variations, as they are now.
select
    woocommerce_products.id,
    woocommerce_products.body,
    coalesce(
        (
            select
                jsonb_agg(
                    woocommerce_variations.body
                    order by woocommerce_variations.id
                )
            from raw.woocommerce_variations
            where
                woocommerce_variations.store_id = woocommerce_products.store_id
                and woocommerce_variations.product_id = woocommerce_products.id
                and woocommerce_variations.deleted_at is null
                and woocommerce_variations.body ->> 'status' = 'publish'
        ), '[]'
    ) as variations
from raw.woocommerce_products
where
    woocommerce_products.store_id = %(store_id)s
    and woocommerce_products.id = any(%(ids)s)
    and woocommerce_products.deleted_at is null
    and woocommerce_products.body ->> 'status' = 'publish'
    and coalesce(woocommerce_products.body ->> 'catalog_visibility', 'visible')
    != 'hidden'
