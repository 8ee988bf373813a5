select
    orders.id,
    orders.status,
    orders.modified_at,
    jsonb_build_object(
        'customer_id', orders.body -> 'customer_id',
        'date_created', orders.body -> 'date_created',
        'date_created_gmt', orders.body -> 'date_created_gmt',
        'total', orders.body -> 'total',
        'total_tax', orders.body -> 'total_tax',
        'shipping_total', orders.body -> 'shipping_total',
        'discount_total', orders.body -> 'discount_total'
    ) as light_body
from raw.woocommerce_orders as orders
where orders.store_id = %(store_id)s and orders.deleted_at is null
order by orders.asked_at, orders.id
