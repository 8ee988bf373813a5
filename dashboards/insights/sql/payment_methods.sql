-- How many orders were paid in each way.
select
    fct_orders.payment_method as part,
    count(*) as numerator,
    null::numeric as denominator,
    count(*) as value
from marts.fct_orders
where
    fct_orders.store_id = %(store)s
    and fct_orders.day between %(from_day)s and %(to_day)s
    and fct_orders.is_counted
    and fct_orders.is_shop_currency
    and fct_orders.payment_method <> ''
group by fct_orders.payment_method
