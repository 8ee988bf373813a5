{#
    The rows that WooCommerce Analytics adds up: one an order and one a refund,
    of the statuses that count, whether they were paid or not.
#}
{{ config(post_hook="analyze {{ this }}") }}

with orders as (
    select * from {{ ref('int_store_orders') }}
),

refunds as (
    select * from {{ ref('int_store_refunds') }}
),

customers as (
    select * from {{ ref('int_analytics_customers') }}
),

order_rows as (
    select
        orders.store_id,
        orders.order_id,
        0::bigint as parent_id,
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
    where refunds.is_counting
),

all_rows as (
    select * from order_rows
    union all
    select * from refund_rows
),

final as (
    select
        all_rows.store_id,
        all_rows.order_id,
        all_rows.parent_id,
        customers.analytics_customer_key,
        all_rows.status,
        all_rows.created_local,
        all_rows.paid_local,
        all_rows.completed_local,
        all_rows.net,
        all_rows.total_sales,
        all_rows.tax,
        all_rows.shipping,
        all_rows.items,
        all_rows.coupons,
        -- by the shop's clock as it stands, also in autumn's repeated hour
        case
            when
                all_rows.parent_id = 0
                and row_number() over (
                    partition by
                        all_rows.store_id,
                        customers.analytics_customer_key,
                        all_rows.parent_id = 0
                    order by all_rows.created_local, all_rows.order_id
                ) = 1
                then 'new'
            else 'returning'
        end as customer_type
    from all_rows
    inner join customers
        on
            all_rows.store_id = customers.store_id
            and all_rows.customers_order_id = customers.order_id
)

select * from final
