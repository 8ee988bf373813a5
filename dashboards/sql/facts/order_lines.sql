select
    fct_order_lines.order_id,
    fct_order_lines.day,
    fct_order_lines.line_number,
    fct_order_lines.product_id,
    fct_order_lines.product_name,
    fct_order_lines.quantity,
    fct_order_lines.net
from marts.fct_order_lines
inner join marts.dim_stores
    on
        fct_order_lines.store_id = dim_stores.store_id
        and fct_order_lines.currency = dim_stores.currency
where
    fct_order_lines.store_id = %(store)s
    and fct_order_lines.day between %(from_day)s and %(to_day)s
    and fct_order_lines.is_counted
