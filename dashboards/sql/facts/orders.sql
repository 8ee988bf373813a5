select
    fct_orders.order_id,
    fct_orders.day,
    fct_orders.customer_key,
    fct_orders.status,
    fct_orders.currency,
    fct_orders.net,
    fct_orders.refunded_net,
    fct_orders.items,
    coalesce(nullif(fct_orders.payment_method, ''), 'unknown')
        as payment_method,
    case
        when fct_orders.is_new_customer then 'new' else 'returning'
    end as buyer,
    fct_orders.is_shop_currency
from marts.fct_orders
where
    fct_orders.store_id = %(store)s
    and fct_orders.day between %(from_day)s and %(to_day)s
    and fct_orders.is_counted
