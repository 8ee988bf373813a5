{#
    Whom WooCommerce Analytics takes an order for, after a fresh import: users
    of the role customer first, by account e-mail; others who have an account,
    and guests, as they come with their first order.
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

-- who has an address, by the time when Analytics comes to know of them
owners as (
    select
        accounts.store_id,
        accounts.email_key,
        'user-' || accounts.account_id as customer_key,
        '-infinity'::timestamptz as known_at,
        accounts.account_id as known_by
    from accounts
    where
        accounts.role = 'customer'
        and accounts.email_key is not null

    union all

    select
        accounts.store_id,
        accounts.email_key,
        'user-' || accounts.account_id as customer_key,
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

    union all

    select
        imported_orders.store_id,
        imported_orders.email_key,
        'guest-' || imported_orders.email_key as customer_key,
        imported_orders.created_at as known_at,
        imported_orders.order_id as known_by
    from imported_orders
    where
        imported_orders.account_id is null
        and imported_orders.email_key is not null
),

first_owners as (
    select distinct on (owners.store_id, owners.email_key)
        owners.store_id,
        owners.email_key,
        owners.customer_key
    from owners
    order by
        owners.store_id asc,
        owners.email_key asc,
        owners.known_at asc,
        owners.known_by asc
),

final as (
    select
        orders.store_id,
        orders.order_id,
        case
            when orders.account_id is not null
                then 'user-' || orders.account_id
            when first_owners.customer_key is not null
                then first_owners.customer_key
            else 'order-' || orders.order_id
        end as analytics_customer_key
    from orders
    left join first_owners
        on
            orders.store_id = first_owners.store_id
            and orders.email_key = first_owners.email_key
    where orders.is_counted_status
)

select * from final
