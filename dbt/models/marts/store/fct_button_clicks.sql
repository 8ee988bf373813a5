{{ config(materialized="table") }}

with button_clicks as (
    select * from {{ ref('stg_button_clicks') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

message_codes as (
    select * from {{ ref('int_message_codes') }}
),

messages as (
    select * from {{ ref('fct_messages') }}
),

chat_customers as (
    select * from {{ ref('int_chat_customers') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
),

clicks as (
    select
        button_clicks.*,
        {{ local_day('button_clicks.clicked_at', 'stores.timezone') }} as day,
        -- a page that was loaded twice may send the same code twice
        row_number() over (
            partition by button_clicks.store_id, button_clicks.click_code
            order by button_clicks.clicked_at, button_clicks.click_id
        ) as place
    from button_clicks
    inner join stores on button_clicks.store_id = stores.store_id
    where
        stores.is_shop_connected
        and button_clicks.clicked_at <= {{ as_of() }}
),

-- the first message that carries the code
coded_messages as (
    select distinct on (message_codes.store_id, message_codes.click_code)
        message_codes.store_id,
        message_codes.click_code,
        message_codes.message_id
    from message_codes
    where message_codes.occurred_at <= {{ as_of() }}
    order by
        message_codes.store_id asc,
        message_codes.click_code asc,
        message_codes.occurred_at asc,
        message_codes.message_id asc
),

conversations as (
    select
        clicks.store_id,
        clicks.click_id,
        clicks.clicked_at,
        messages.episode_id,
        messages.customer_key as chat_customer_key
    from clicks
    inner join coded_messages
        on
            clicks.store_id = coded_messages.store_id
            and clicks.click_code = coded_messages.click_code
    inner join messages
        on
            coded_messages.message_id = messages.message_id
            and messages.source = 'twilio'
    where clicks.place = 1
),

-- the first counted order that they placed afterwards
click_orders as (
    select distinct on (conversations.store_id, conversations.click_id)
        conversations.store_id,
        conversations.click_id,
        orders.order_id
    from conversations
    inner join chat_customers
        on
            conversations.store_id = chat_customers.store_id
            and conversations.chat_customer_key
            = chat_customers.chat_customer_key
    inner join orders
        on
            chat_customers.store_id = orders.store_id
            and chat_customers.customer_key = orders.customer_key
            and conversations.clicked_at <= orders.created_at
            and orders.created_at
            <= conversations.clicked_at + {{ days(var('conversion_days')) }}
    where orders.is_counted
    order by
        conversations.store_id asc,
        conversations.click_id asc,
        orders.created_at asc,
        orders.order_id asc
),

final as (
    select
        clicks.store_id,
        clicks.click_id,
        clicks.clicked_at,
        clicks.day,
        nullif(clicks.product_id, 0) as product_id,
        conversations.chat_customer_key,
        conversations.episode_id,
        click_orders.order_id,
        conversations.click_id is not null as is_conversation,
        click_orders.order_id is not null as is_order
    from clicks
    left join conversations
        on
            clicks.store_id = conversations.store_id
            and clicks.click_id = conversations.click_id
    left join click_orders
        on
            clicks.store_id = click_orders.store_id
            and clicks.click_id = click_orders.click_id
)

select * from final
