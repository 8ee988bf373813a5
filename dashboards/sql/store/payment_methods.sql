select
    coalesce(nullif(fct_orders.payment_method, ''), 'unknown') as series,
    count(*) as value
from marts.fct_orders
where
    fct_orders.store_id = %(store)s
    and fct_orders.day between %(from_day)s and %(to_day)s
    and fct_orders.is_counted
    and fct_orders.is_shop_currency
group by 1
