-- Every known id: orders, refunds, products, variations and coupons share one
-- sequence.
select orders.id
from raw.woocommerce_orders as orders
where orders.store_id = %(store_id)s
union
select refunds.id
from raw.woocommerce_refunds as refunds
where refunds.store_id = %(store_id)s
union
select products.id
from raw.woocommerce_products as products
where products.store_id = %(store_id)s
union
select variations.id
from raw.woocommerce_variations as variations
where variations.store_id = %(store_id)s
union
select coupons.id
from raw.woocommerce_coupons as coupons
where coupons.store_id = %(store_id)s
