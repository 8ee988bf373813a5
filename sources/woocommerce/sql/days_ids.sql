-- The first and the last id of the orders created on each day of the shop's time.
select
    left(orders.body ->> 'date_created', 10) as day,
    min(orders.id) as first_id,
    max(orders.id) as last_id
from raw.woocommerce_orders as orders
where orders.store_id = %(store_id)s
group by left(orders.body ->> 'date_created', 10)
order by day
