with orders_once as (
    select distinct fct_chat_orders.order_id
    from marts.fct_chat_orders
    where
        fct_chat_orders.store_id = %(store)s
        and fct_chat_orders.day between %(from_day)s and %(to_day)s
        and fct_chat_orders.is_counted
        and fct_chat_orders.is_shop_currency
        and %(channel)s in ('all', fct_chat_orders.channel)
)

select
    fct_order_lines.product_name as series,
    sum(fct_order_lines.net) as value
from orders_once
inner join marts.fct_order_lines
    on
        orders_once.order_id = fct_order_lines.order_id
        and fct_order_lines.store_id = %(store)s
group by fct_order_lines.product_name
having sum(fct_order_lines.net) > 0
order by value desc, series asc
limit 10
