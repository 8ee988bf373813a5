-- A customer once, however many conversations they started in the period.
with chatters as (
    select
        fct_episodes.customer_key,
        min(fct_episodes.day) as first_day,
        max(fct_episodes.day) as last_day,
        count(*) as conversations
    from marts.fct_episodes
    where
        fct_episodes.store_id = %(store)s
        and fct_episodes.day between %(from_day)s and %(to_day)s
        and fct_episodes.is_customer_started
        and %(channel)s in ('all', fct_episodes.channel)
    group by fct_episodes.customer_key
),

buyers as (
    select
        fct_chat_orders.chat_customer_key as customer_key,
        count(distinct fct_chat_orders.order_id) as orders
    from marts.fct_chat_orders
    where
        fct_chat_orders.store_id = %(store)s
        and fct_chat_orders.day between %(from_day)s and %(to_day)s
        and fct_chat_orders.is_counted
        and %(channel)s in ('all', fct_chat_orders.channel)
    group by fct_chat_orders.chat_customer_key
)

select
    chatters.customer_key,
    chatters.first_day,
    chatters.last_day,
    chatters.conversations,
    coalesce(buyers.orders, 0) as orders,
    buyers.customer_key is not null as is_buyer
from chatters
left join buyers on chatters.customer_key = buyers.customer_key
