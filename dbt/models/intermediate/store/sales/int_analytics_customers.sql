{#
    The customer that WooCommerce Analytics assigns an order to after a fresh
    import: it first adds users of the role customer by their e-mail address,
    then other users and guests with their first order.
#}
{{
    config(
        indexes=[{"columns": ["store_id", "order_id"], "unique": true}],
        post_hook="analyze {{ this }}",
    )
}}

with orders as (
    select * from {{ ref('int_store_orders') }}
),

accounts as (
    select *
    from {{ ref('stg_woocommerce_customers') }}
    where deleted_at is null
),

imported_orders as (
    select *
    from orders
    where status not in ('auto-draft', 'checkout-draft', 'trash')
),

-- from when on Analytics knows the user of an address
users as (
    select
        accounts.store_id,
        accounts.email_key,
        accounts.account_id,
        '-infinity'::timestamptz as known_at,
        0::bigint as known_by
    from accounts
    where
        accounts.role = 'customer'
        and accounts.email_key is not null

    union all

    select
        accounts.store_id,
        accounts.email_key,
        accounts.account_id,
        imported_orders.created_at as known_at,
        imported_orders.order_id as known_by
    from accounts
    inner join imported_orders
        on
            accounts.store_id = imported_orders.store_id
            and accounts.account_id = imported_orders.account_id
    where
        accounts.role <> 'customer'
        and accounts.email_key is not null
),

first_users as (
    select distinct on (users.store_id, users.email_key)
        users.store_id,
        users.email_key,
        users.account_id,
        users.known_at,
        users.known_by
    from users
    order by
        users.store_id asc,
        users.email_key asc,
        users.known_at asc,
        users.known_by asc,
        users.account_id asc
),

final as (
    select
        orders.store_id,
        orders.order_id,
        coalesce(
            'user-' || coalesce(orders.account_id, first_users.account_id),
            'guest-' || orders.email_key,
            'order-' || orders.order_id
        ) as analytics_customer_key
    from orders
    left join first_users
        on
            orders.store_id = first_users.store_id
            and orders.email_key = first_users.email_key
            and (orders.created_at, orders.order_id)
            > (first_users.known_at, first_users.known_by)
    where orders.is_counted_status
)

select * from final
