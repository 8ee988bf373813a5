-- An order after chats on two channels stands under both.
with orders_once as (
    select distinct
        fct_chat_orders.channel,
        fct_chat_orders.order_id,
        fct_chat_orders.net
    from marts.fct_chat_orders
    where
        fct_chat_orders.store_id = %(store)s
        and fct_chat_orders.day between %(from_day)s and %(to_day)s
        and fct_chat_orders.is_counted
        and fct_chat_orders.is_shop_currency
        and %(channel)s in ('all', fct_chat_orders.channel)
)

select
    orders_once.channel as series,
    sum(orders_once.net) as value
from orders_once
group by orders_once.channel
