{#
    When the models of sales change though nothing of a shop does.
    pipeline/transform.py reads it before it skips them.
#}
with orders as not materialized (
    select * from {{ ref('stg_woocommerce_orders') }}
),

refunds as not materialized (
    select * from {{ ref('stg_woocommerce_refunds') }}
),

accounts as (
    select * from {{ ref('stg_woocommerce_customers') }}
),

seen_orders as (
    select * from {{ ref('int_store_orders') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
    where is_shop_connected
),

times as (
    select
        orders.store_id,
        orders.created_at as due_at
    from orders
    where orders.created_at > {{ as_of() }}

    union all

    select
        refunds.store_id,
        refunds.created_at as due_at
    from refunds
    where refunds.created_at > {{ as_of() }}

    union all

    select
        accounts.store_id,
        accounts.registered_at as due_at
    from accounts
    where accounts.registered_at > {{ as_of() }}

    union all

    select
        seen_orders.store_id,
        seen_orders.due_at
    from seen_orders
    where seen_orders.due_at is not null

    union all

    -- retention has a row for every month, even without orders
    select
        stores.store_id,
        (
            date_trunc('month', {{ as_of() }} at time zone stores.timezone)
            + interval '1 month'
        ) at time zone stores.timezone as due_at
    from stores
),

final as (
    select
        stores.store_id,
        min(times.due_at) as due_at
    from stores
    inner join times on stores.store_id = times.store_id
    group by stores.store_id
)

select * from final
