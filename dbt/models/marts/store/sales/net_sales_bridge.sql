{{ config(materialized="table") }}

with all_orders as (
    select * from {{ ref('fct_orders') }}
),

orders as (
    select * from all_orders
    where is_counted
),

parts as (
    select * from all_orders
    where is_part
),

refunds as (
    select * from {{ ref('fct_refunds') }}
    where is_counted
),

differences as (
    -- Analytics adds up currencies
    select
        orders.store_id,
        orders.day,
        'other_currency' as reason,
        orders.net as amount
    from orders
    where not orders.is_shop_currency

    union all

    select
        refunds.store_id,
        refunds.day,
        'other_currency' as reason,
        refunds.analytics_net as amount
    from refunds
    where not refunds.is_shop_currency

    union all

    -- Analytics adds the parts of an order to the order
    select
        parts.store_id,
        parts.day,
        case
            when parts.is_shop_currency then 'part_of_order'
            else 'other_currency'
        end as reason,
        parts.net as amount
    from parts

    union all

    -- After partial refunds Analytics takes off the order's whole net again;
    -- where no refund is marked as the last, it takes off each one's amount
    select
        refunds.store_id,
        refunds.day,
        case
            when refunds.is_marked_full then 'double_full_refund'
            else 'unmarked_full_refund'
        end as reason,
        refunds.analytics_net - refunds.net as amount
    from refunds
    where refunds.is_shop_currency
),

final as (
    select
        differences.store_id,
        differences.day,
        differences.reason,
        sum(differences.amount) as amount
    from differences
    where differences.amount <> 0
    group by differences.store_id, differences.day, differences.reason
)

select * from final
