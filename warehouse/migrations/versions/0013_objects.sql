-- Every object that we hold of a shop, whatever its kind: what a comparison with
-- the shop's own lists asks for.
create view raw.woocommerce_objects as
select
    'orders' as resource,
    orders.store_id,
    orders.id,
    null::bigint as parent_id,
    orders.status,
    orders.deleted_at
from raw.woocommerce_orders as orders
union all
select
    'refunds' as resource,
    refunds.store_id,
    refunds.id,
    refunds.order_id as parent_id,
    '' as status,
    refunds.deleted_at
from raw.woocommerce_refunds as refunds
union all
select
    'customers' as resource,
    customers.store_id,
    customers.id,
    null::bigint as parent_id,
    '' as status,
    customers.deleted_at
from raw.woocommerce_customers as customers
union all
select
    'products' as resource,
    products.store_id,
    products.id,
    null::bigint as parent_id,
    coalesce(products.body ->> 'status', '') as status,
    products.deleted_at
from raw.woocommerce_products as products
union all
select
    'variations' as resource,
    variations.store_id,
    variations.id,
    variations.product_id as parent_id,
    coalesce(variations.body ->> 'status', '') as status,
    variations.deleted_at
from raw.woocommerce_variations as variations
union all
select
    'categories' as resource,
    categories.store_id,
    categories.id,
    null::bigint as parent_id,
    '' as status,
    categories.deleted_at
from raw.woocommerce_categories as categories
union all
select
    'coupons' as resource,
    coupons.store_id,
    coupons.id,
    null::bigint as parent_id,
    coalesce(coupons.body ->> 'status', '') as status,
    coupons.deleted_at
from raw.woocommerce_coupons as coupons;
grant select on raw.woocommerce_objects to loader;
