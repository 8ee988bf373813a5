{% set kpis = kpi_definitions() -%}

with episodes as (
    select * from {{ ref('fct_episodes') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

chat_orders as (
    select * from {{ ref('fct_chat_orders') }}
),

started_episodes as (
    select
        episodes.store_id,
        episodes.customer_key,
        episodes.channel,
        episodes.day,
        max(episodes.started_at) as started_at
    from episodes
    inner join stores on episodes.store_id = stores.store_id
    where
        stores.is_shop_connected
        and episodes.is_customer_started
    group by
        episodes.store_id,
        episodes.customer_key,
        episodes.channel,
        episodes.day
),

customers as (
    select
        started_episodes.store_id,
        started_episodes.customer_key,
        periods.period,
        periods.first_day,
        periods.next_day,
        parts.dimension,
        parts.dimension_value,
        max(started_episodes.started_at) as started_at
    from started_episodes
    {{ along_periods('started_episodes.day') }}
    {{ along_dimensions(['channel']) }}
    group by
        started_episodes.store_id,
        started_episodes.customer_key,
        periods.period,
        periods.first_day,
        periods.next_day,
        parts.dimension,
        parts.dimension_value
),

-- each order once in a period, however many of its episodes precede it
placed_orders as (
    select distinct
        chat_orders.store_id,
        chat_orders.chat_customer_key as customer_key,
        periods.period,
        periods.first_day,
        parts.dimension,
        parts.dimension_value,
        chat_orders.order_id,
        chat_orders.is_counted,
        chat_orders.may_be_counted_later,
        chat_orders.is_shop_currency,
        chat_orders.net
    from chat_orders
    {{ along_periods('chat_orders.day') }}
    {{ along_dimensions(['channel']) }}
),

buyers as (
    select
        placed_orders.store_id,
        placed_orders.customer_key,
        placed_orders.period,
        placed_orders.first_day,
        placed_orders.dimension,
        placed_orders.dimension_value,
        bool_or(placed_orders.is_counted) as is_buyer,
        bool_or(placed_orders.may_be_counted_later) as may_buy_later
    from placed_orders
    group by
        placed_orders.store_id,
        placed_orders.customer_key,
        placed_orders.period,
        placed_orders.first_day,
        placed_orders.dimension,
        placed_orders.dimension_value
),

conversion_summary as (
    select
        customers.store_id,
        customers.period,
        customers.first_day,
        customers.next_day,
        customers.dimension,
        customers.dimension_value,
        count(*) filter (where buyers.is_buyer)::numeric as buyers,
        count(*)::numeric as customers,
        -- an order with a pending payment may still count
        greatest(
            max(customers.started_at) + {{ days(var('conversion_days')) }},
            max('infinity'::timestamptz) filter (where buyers.may_buy_later)
        ) as settled_after
    from customers
    left join buyers
        on
            customers.store_id = buyers.store_id
            and customers.customer_key = buyers.customer_key
            and customers.period = buyers.period
            and customers.first_day = buyers.first_day
            and customers.dimension = buyers.dimension
            and customers.dimension_value = buyers.dimension_value
    group by
        customers.store_id,
        customers.period,
        customers.first_day,
        customers.next_day,
        customers.dimension,
        customers.dimension_value
),

-- two customers who chat may be one customer of the shop
orders_once as (
    select distinct
        placed_orders.store_id,
        placed_orders.period,
        placed_orders.first_day,
        placed_orders.dimension,
        placed_orders.dimension_value,
        placed_orders.order_id,
        placed_orders.net
    from placed_orders
    where
        placed_orders.is_counted
        and placed_orders.is_shop_currency
),

revenue_summary as (
    select
        orders_once.store_id,
        orders_once.period,
        orders_once.first_day,
        orders_once.dimension,
        orders_once.dimension_value,
        sum(orders_once.net) as revenue
    from orders_once
    group by
        orders_once.store_id,
        orders_once.period,
        orders_once.first_day,
        orders_once.dimension,
        orders_once.dimension_value
),

final as (
    select
        conversion_summary.store_id,
        conversion_summary.period,
        conversion_summary.first_day,
        conversion_summary.next_day,
        figures.metric,
        conversion_summary.dimension,
        conversion_summary.dimension_value,
        figures.unit,
        figures.numerator,
        figures.denominator,
        figures.value,
        conversion_summary.settled_after
    from conversion_summary
    left join revenue_summary
        on
            conversion_summary.store_id = revenue_summary.store_id
            and conversion_summary.period = revenue_summary.period
            and conversion_summary.first_day = revenue_summary.first_day
            and conversion_summary.dimension = revenue_summary.dimension
            and conversion_summary.dimension_value
            = revenue_summary.dimension_value
    cross join lateral (
        values
        ({{ kpi_figure(
            kpis.chat_conversion_rate,
            'conversion_summary.buyers',
            'conversion_summary.customers',
        ) }}),
        ({{ kpi_figure(kpis.chat_revenue, 'revenue_summary.revenue') }})
    ) as figures (metric, unit, numerator, denominator, value)
    where figures.value is not null
)

select * from final
