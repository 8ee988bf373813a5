select
    products.id,
    products.body ->> 'name' as name
from raw.woocommerce_products as products
where
    products.store_id = %(store_id)s
    and products.id = any(%(ids)s)
