{#
    The rows that WooCommerce Analytics adds up: one per order and one per
    refund with a counted status, paid or not, on each of its dates.
#}
{{ config(materialized="table") }}

with orders as (
    select * from {{ ref('int_store_orders') }}
),

refunds as (
    select * from {{ ref('int_store_refunds') }}
),

customers as (
    select * from {{ ref('int_analytics_customers') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

order_rows as (
    select
        orders.store_id,
        orders.order_id,
        orders.parent_id,
        orders.order_id as customers_order_id,
        orders.status,
        orders.created_local,
        orders.paid_local,
        orders.completed_local,
        orders.net,
        orders.total as total_sales,
        orders.tax,
        orders.shipping,
        orders.items,
        orders.coupons
    from orders
    where orders.is_counted_status
),

refund_rows as (
    select
        refunds.store_id,
        refunds.refund_id as order_id,
        refunds.order_id as parent_id,
        refunds.order_id as customers_order_id,
        orders.status,
        refunds.created_local,
        refunds.created_local as paid_local,
        refunds.created_local as completed_local,
        refunds.analytics_net as net,
        -refunds.amount as total_sales,
        refunds.analytics_tax as tax,
        refunds.analytics_shipping as shipping,
        refunds.analytics_items as items,
        0::numeric as coupons
    from refunds
    inner join orders
        on
            refunds.store_id = orders.store_id
            and refunds.order_id = orders.order_id
    where refunds.is_counted
),

all_rows as (
    select * from order_rows
    union all
    select * from refund_rows
),

customer_rows as (
    select
        all_rows.*,
        customers.analytics_customer_key,
        -- ordered by the shop's local clock, even in the hour that repeats
        all_rows.parent_id = 0
        and row_number() over (
            partition by
                all_rows.store_id,
                customers.analytics_customer_key,
                all_rows.parent_id = 0
            order by all_rows.created_local, all_rows.order_id
        ) = 1 as is_first_order
    from all_rows
    inner join customers
        on
            all_rows.store_id = customers.store_id
            and all_rows.customers_order_id = customers.order_id
),

final as (
    select
        customer_rows.store_id,
        customer_rows.order_id,
        date_types.date_type,
        customer_rows.parent_id,
        date_types.local_time::date as day,
        customer_rows.created_local as date_created,
        customer_rows.status,
        customer_rows.analytics_customer_key as customer_id,
        customer_rows.net as net_total,
        customer_rows.total_sales,
        customer_rows.tax as taxes,
        customer_rows.shipping,
        customer_rows.coupons,
        customer_rows.items as num_items_sold,
        case
            when customer_rows.is_first_order then 'new' else 'returning'
        end as customer_type
    from customer_rows
    inner join stores on customer_rows.store_id = stores.store_id
    cross join lateral (
        values
        ('date_paid', customer_rows.paid_local),
        ('date_created', customer_rows.created_local),
        ('date_completed', customer_rows.completed_local)
    ) as date_types (date_type, local_time)
    where
        date_types.local_time is not null
        -- the third only where the shop's own report uses it
        and (
            date_types.date_type <> 'date_completed'
            or stores.date_type = 'date_completed'
        )
)

select * from final
