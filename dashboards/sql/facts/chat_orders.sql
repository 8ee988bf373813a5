-- An order once, after however many conversations it came.
select
    fct_chat_orders.order_id,
    min(fct_chat_orders.ordered_at) as ordered_at,
    min(fct_chat_orders.chat_customer_key) as customer_key,
    count(distinct fct_chat_orders.episode_id) as conversations,
    string_agg(distinct fct_chat_orders.channel, ', ') as channels,
    fct_chat_orders.net
from marts.fct_chat_orders
where
    fct_chat_orders.store_id = %(store)s
    and fct_chat_orders.day between %(from_day)s and %(to_day)s
    and fct_chat_orders.is_counted
    and fct_chat_orders.is_shop_currency
    and %(channel)s in ('all', fct_chat_orders.channel)
group by fct_chat_orders.order_id, fct_chat_orders.net
