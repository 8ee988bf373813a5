-- The facts hold every order and refund of a connected shop up to as_of that
-- was not deleted, once; products and customers that they refer to exist.
{% set connected -%}
    in (
        select stores.store_id
        from {{ ref('dim_stores') }} as stores
        where stores.is_shop_connected
    )
{%- endset %}

with last_build as (
    select builds.as_of
    from {{ source('intermediate', 'builds') }} as builds
    order by builds.started_at desc
    limit 1
),

orders as (
    select
        store_id,
        order_id
    from {{ ref('stg_woocommerce_orders') }}
    where
        store_id {{ connected }}
        and deleted_at is null
        and created_at <= (select last_build.as_of from last_build)
),

refunds as (
    select
        store_id,
        order_id
    from {{ ref('stg_woocommerce_refunds') }}
    where
        deleted_at is null
        and created_at <= (select last_build.as_of from last_build)
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
            where is_counted
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
