-- A customer once, however many orders of theirs lie in the period.
select
    fct_orders.customer_key,
    min(fct_orders.day) as first_day,
    max(fct_orders.day) as last_day,
    count(*) as orders,
    bool_or(fct_orders.is_new_customer) as is_new
from marts.fct_orders
where
    fct_orders.store_id = %(store)s
    and fct_orders.day between %(from_day)s and %(to_day)s
    and fct_orders.is_counted
group by fct_orders.customer_key
