-- What net sales add up: orders, and refunds on their own days.
select
    fct_orders.order_id,
    fct_orders.day,
    null::bigint as refund_id,
    fct_orders.customer_key,
    fct_orders.net
from marts.fct_orders
where
    fct_orders.store_id = %(store)s
    and fct_orders.day between %(from_day)s and %(to_day)s
    and fct_orders.is_counted
    and fct_orders.is_shop_currency
union all
select
    fct_refunds.order_id,
    fct_refunds.day,
    fct_refunds.refund_id,
    fct_refunds.customer_key,
    fct_refunds.net
from marts.fct_refunds
where
    fct_refunds.store_id = %(store)s
    and fct_refunds.day between %(from_day)s and %(to_day)s
    and fct_refunds.is_counted
    and fct_refunds.is_shop_currency
