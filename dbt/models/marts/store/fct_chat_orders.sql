{{
    config(
        materialized="table",
        indexes=[{"columns": ["store_id", "day"]}],
    )
}}

with episodes as (
    select * from {{ ref('fct_episodes') }}
),

chat_customers as (
    select * from {{ ref('int_chat_customers') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
),

-- two customers of the shop may be one who chats; an order once per episode
final as (
    select
        episodes.store_id,
        episodes.episode_id,
        episodes.customer_key as chat_customer_key,
        episodes.channel,
        episodes.day,
        episodes.month,
        episodes.started_at,
        orders.order_id,
        orders.customer_key,
        orders.created_at as ordered_at,
        orders.is_counted,
        not orders.is_counted and orders.status not in (
            'cancelled', 'failed', 'refunded',
            'trash', 'auto-draft', 'checkout-draft'
        ) as may_be_counted_later,
        orders.is_shop_currency,
        orders.net
    from chat_customers
    inner join episodes
        on
            chat_customers.store_id = episodes.store_id
            and chat_customers.chat_customer_key = episodes.customer_key
    inner join orders
        on
            chat_customers.store_id = orders.store_id
            and chat_customers.customer_key = orders.customer_key
            and episodes.started_at <= orders.created_at
            and orders.created_at
            <= episodes.started_at + {{ days(var('conversion_days')) }}
    where episodes.is_customer_started
)

select * from final
