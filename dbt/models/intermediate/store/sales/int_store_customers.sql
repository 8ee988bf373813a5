{#
    The customer of an order: its account; else its e-mail address, which may be
    an account's; else its phone number, if it is a known customer's; else a
    customer of its own. Accounts and addresses carry no time, so their current
    state is used whatever as_of is.
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

accounts_by_email as (
    select
        accounts.store_id,
        accounts.email_key,
        min(accounts.account_id) as account_id
    from accounts
    where accounts.email_key is not null
    group by accounts.store_id, accounts.email_key
),

known_orders as (
    select
        orders.store_id,
        orders.order_id,
        orders.phone_key,
        orders.email_key,
        orders.created_at,
        coalesce(orders.account_id, accounts_by_email.account_id) as account_id
    from orders
    left join accounts_by_email
        on
            orders.store_id = accounts_by_email.store_id
            and orders.email_key = accounts_by_email.email_key
),

keyed_orders as (
    select
        known_orders.*,
        coalesce(
            'account-' || known_orders.account_id,
            'email-' || known_orders.email_key
        ) as customer_key
    from known_orders
),

phones as (
    select
        keyed_orders.store_id,
        keyed_orders.phone_key,
        keyed_orders.customer_key,
        keyed_orders.account_id,
        keyed_orders.created_at,
        keyed_orders.order_id
    from keyed_orders
    where
        keyed_orders.phone_key is not null
        and keyed_orders.customer_key is not null

    union all

    -- numbers of account profiles come after those of orders
    select
        accounts.store_id,
        accounts.phone_key,
        'account-' || accounts.account_id as customer_key,
        accounts.account_id,
        null as created_at,
        null as order_id
    from accounts
    where accounts.phone_key is not null
),

customers_by_phone as (
    select distinct on (phones.store_id, phones.phone_key)
        phones.store_id,
        phones.phone_key,
        phones.customer_key
    from phones
    order by
        phones.store_id asc,
        phones.phone_key asc,
        phones.created_at asc nulls last,
        phones.order_id asc nulls last,
        phones.account_id asc
),

final as (
    select
        keyed_orders.store_id,
        keyed_orders.order_id,
        coalesce(
            keyed_orders.customer_key,
            customers_by_phone.customer_key,
            'phone-' || keyed_orders.phone_key,
            'order-' || keyed_orders.order_id
        ) as customer_key
    from keyed_orders
    left join customers_by_phone
        on
            keyed_orders.store_id = customers_by_phone.store_id
            and keyed_orders.phone_key = customers_by_phone.phone_key
)

select * from final
