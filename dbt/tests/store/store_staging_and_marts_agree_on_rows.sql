-- Everything of a connected shop that landed up to as_of and is still there is
-- in the facts, once; and what hangs on it leads somewhere.
{% set connected -%}
    in (
        select stores.store_id
        from {{ ref('dim_stores') }} as stores
        where stores.is_shop_connected
    )
{%- endset %}

with orders as (
    select
        store_id,
        order_id
    from {{ ref('stg_woocommerce_orders') }}
    where
        store_id {{ connected }}
        and deleted_at is null
        and created_at <= (
            select max(freshness.as_of)
            from {{ ref('int_store_freshness') }} as freshness
        )
),

refunds as (
    select
        store_id,
        order_id
    from {{ ref('stg_woocommerce_refunds') }}
    where
        deleted_at is null
        and created_at <= (
            select max(freshness.as_of)
            from {{ ref('int_store_freshness') }} as freshness
        )
),

counts as (
    select
        'orders' as subject,
        (select count(*) from orders) as landed,
        (select count(*) from {{ ref('fct_orders') }}) as found

    union all

    select
        'refunds' as subject,
        (
            select count(*)
            from refunds
            inner join orders
                on
                    refunds.store_id = orders.store_id
                    and refunds.order_id = orders.order_id
        ) as landed,
        (select count(*) from {{ ref('fct_refunds') }}) as found

    union all

    select
        'lines with a product' as subject,
        (
            select count(*) from {{ ref('fct_order_lines') }}
            where product_id is not null
        ) as landed,
        (
            select count(*)
            from {{ ref('fct_order_lines') }} as order_lines
            inner join {{ ref('dim_products') }} as products
                on
                    order_lines.store_id = products.store_id
                    and order_lines.product_id = products.product_id
        ) as found

    union all

    select
        'orders of customers' as subject,
        (
            select count(*) from {{ ref('fct_orders') }}
            where is_counting
        ) as landed,
        (
            select coalesce(sum(customers.orders), 0)
            from {{ ref('dim_customers') }} as customers
        ) as found

    union all

    select
        'customers with orders' as subject,
        (
            select count(*) from {{ ref('fct_orders') }}
            where is_new_customer
        ) as landed,
        (
            select count(*) from {{ ref('dim_customers') }}
            where orders > 0
        ) as found
)

select * from counts
where landed is distinct from found
