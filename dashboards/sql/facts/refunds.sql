select
    fct_refunds.refund_id,
    fct_refunds.day,
    fct_refunds.order_id,
    fct_refunds.customer_key,
    fct_refunds.amount,
    -fct_refunds.net as refunded
from marts.fct_refunds
where
    fct_refunds.store_id = %(store)s
    and fct_refunds.day between %(from_day)s and %(to_day)s
    and fct_refunds.is_counted
    and fct_refunds.is_shop_currency
