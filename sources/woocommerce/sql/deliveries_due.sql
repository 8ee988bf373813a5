-- Objects that webhooks named and that have not been fetched since.
with delivered as (
    select
        deliveries.resource,
        deliveries.resource_id,
        max(deliveries.received_at) as received_at
    from raw.woocommerce_deliveries as deliveries
    where
        deliveries.store_id = %(store_id)s
        and deliveries.resource_id is not null
        and deliveries.received_at
        > coalesce(%(since)s::timestamptz, '-infinity')
    group by deliveries.resource, deliveries.resource_id
),

asked as (
    select
        'order' as resource,
        orders.id,
        orders.asked_at
    from raw.woocommerce_orders as orders
    where orders.store_id = %(store_id)s
    union all
    select
        'product' as resource,
        products.id,
        products.asked_at
    from raw.woocommerce_products as products
    where products.store_id = %(store_id)s
    union all
    select
        'product' as resource,
        variations.id,
        variations.asked_at
    from raw.woocommerce_variations as variations
    where variations.store_id = %(store_id)s
    union all
    select
        'customer' as resource,
        customers.id,
        customers.asked_at
    from raw.woocommerce_customers as customers
    where customers.store_id = %(store_id)s
    union all
    select
        'coupon' as resource,
        coupons.id,
        coupons.asked_at
    from raw.woocommerce_coupons as coupons
    where coupons.store_id = %(store_id)s
)

select
    delivered.resource,
    delivered.resource_id,
    delivered.received_at
from delivered
left join asked
    on
        delivered.resource = asked.resource
        and delivered.resource_id = asked.id
where asked.asked_at is null or asked.asked_at < delivered.received_at
order by delivered.resource, delivered.resource_id
