{% set kpis = kpi_definitions() -%}

with orders as (
    select * from {{ ref('fct_orders') }}
),

refunds as (
    select * from {{ ref('fct_refunds') }}
),

-- a refund is a negative row of its own, on its own day
sales as (
    select
        orders.store_id,
        orders.day,
        orders.currency,
        orders.is_shop_currency,
        1 as orders,
        orders.net as order_net,
        orders.net
    from orders
    where orders.is_counted

    union all

    select
        refunds.store_id,
        refunds.day,
        refunds.currency,
        refunds.is_shop_currency,
        0 as orders,
        0 as order_net,
        refunds.net
    from refunds
    where refunds.is_counted
),

sales_summary as (
    select
        sales.store_id,
        periods.period,
        periods.first_day,
        periods.next_day,
        parts.dimension,
        parts.dimension_value,
        sum(sales.orders)::numeric as orders,
        sum(sales.order_net) as order_net,
        sum(sales.net) as net
    from sales
    {{ along_periods('sales.day') }}
    inner join lateral (
        values
        ('all', case when sales.is_shop_currency then 'all' end),
        ('currency', sales.currency)
    ) as parts (dimension, dimension_value)
        on parts.dimension_value is not null
    group by
        sales.store_id,
        periods.period,
        periods.first_day,
        periods.next_day,
        parts.dimension,
        parts.dimension_value
),

final as (
    select
        sales_summary.store_id,
        sales_summary.period,
        sales_summary.first_day,
        sales_summary.next_day,
        figures.metric,
        sales_summary.dimension,
        sales_summary.dimension_value,
        figures.unit,
        figures.numerator,
        figures.denominator,
        figures.value
    from sales_summary
    cross join lateral (
        values
        ({{ kpi_figure(kpis.net_sales, 'sales_summary.net') }}),
        ({{ kpi_figure(kpis.orders, 'sales_summary.orders') }}),
        ({{ kpi_figure(
            kpis.average_order_value,
            'sales_summary.order_net',
            'nullif(sales_summary.orders, 0)',
        ) }})
    ) as figures (metric, unit, numerator, denominator, value)
    where figures.value is not null
)

select * from final
