{{ config(materialized="table") }}

with orders as (
    select * from {{ ref('fct_orders') }}
),

accounts as (
    select *
    from {{ ref('stg_woocommerce_customers') }}
    where
        deleted_at is null
        and coalesce(registered_at, '-infinity') <= {{ as_of() }}
),

connected_stores as (
    select * from {{ ref('dim_stores') }}
    where is_shop_connected
),

chat_customers as (
    select * from {{ ref('int_chat_customers') }}
),

chat_customers_summary as (
    select
        chat_customers.store_id,
        chat_customers.customer_key,
        min(chat_customers.chat_customer_key) as chat_customer_key
    from chat_customers
    group by chat_customers.store_id, chat_customers.customer_key
),

customers as (
    select
        orders.store_id,
        orders.customer_key
    from orders

    union

    select
        accounts.store_id,
        'account-' || accounts.account_id as customer_key
    from accounts
    inner join connected_stores
        on accounts.store_id = connected_stores.store_id
),

orders_summary as (
    select
        orders.store_id,
        orders.customer_key,
        count(*) as orders,
        min(orders.day) as first_order_day,
        max(orders.day) as last_order_day,
        sum(orders.net) filter (where orders.is_shop_currency) as net
    from orders
    where orders.is_counted
    group by orders.store_id, orders.customer_key
),

final as (
    select
        customers.store_id,
        customers.customer_key,
        split_part(customers.customer_key, '-', 1) as known_by,
        chat_customers_summary.chat_customer_key,
        coalesce(orders_summary.orders, 0)::integer as orders,
        orders_summary.first_order_day,
        orders_summary.last_order_day,
        coalesce(orders_summary.net, 0) as net
    from customers
    left join orders_summary
        on
            customers.store_id = orders_summary.store_id
            and customers.customer_key = orders_summary.customer_key
    left join chat_customers_summary
        on
            customers.store_id = chat_customers_summary.store_id
            and customers.customer_key = chat_customers_summary.customer_key
)

select * from final
