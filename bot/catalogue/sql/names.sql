-- The names by which customers may ask for a store's products, and a value that
-- changes with them.
select
    products.details ->> 'built_of' as built_of,
    coalesce(
        (
            select
                jsonb_agg(
                    jsonb_build_array(
                        woocommerce_products.id,
                        woocommerce_products.body -> 'name',
                        jsonb_path_query_array(
                            woocommerce_products.body, '$.categories[*].name'
                        )
                    )
                    order by woocommerce_products.id
                )
            from raw.woocommerce_products
            where
                woocommerce_products.store_id = products.store_id
                and woocommerce_products.deleted_at is null
                and woocommerce_products.body ->> 'status' = 'publish'
                and coalesce(
                    woocommerce_products.body ->> 'catalog_visibility',
                    'visible'
                ) != 'hidden'
        ), '[]'
    ) as names
from app.knowledge_documents as products
where
    products.store_id = %(store_id)s
    and products.origin = 'products'
    and products.details ->> 'built_of' is distinct from %(known)s
