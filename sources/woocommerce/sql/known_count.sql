select (woocommerce_counts.listed - woocommerce_counts.stored) as difference
from app.woocommerce_counts
where
    woocommerce_counts.store_id = %(store_id)s
    and woocommerce_counts.resource = %(resource)s
