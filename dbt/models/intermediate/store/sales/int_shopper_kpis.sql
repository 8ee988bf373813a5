{% set kpis = kpi_definitions() -%}

with orders as (
    select * from {{ ref('fct_orders') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

-- the days on which a customer has a counted order
customer_days as (
    select
        orders.store_id,
        orders.customer_key,
        orders.day,
        bool_or(orders.is_new_customer) as is_first_day
    from orders
    where orders.is_counted
    group by orders.store_id, orders.customer_key, orders.day
),

customer_periods as (
    select
        customer_days.store_id,
        customer_days.customer_key,
        periods.period,
        periods.first_day,
        periods.next_day,
        bool_or(customer_days.is_first_day) as is_new
    from customer_days
    {{ along_periods('customer_days.day') }}
    group by
        customer_days.store_id,
        customer_days.customer_key,
        periods.period,
        periods.first_day,
        periods.next_day
),

acquisition_summary as (
    select
        customer_periods.store_id,
        customer_periods.period,
        customer_periods.first_day,
        customer_periods.next_day,
        count(*) filter (where customer_periods.is_new)::numeric
            as new_customers,
        count(*)::numeric as customers
    from customer_periods
    group by
        customer_periods.store_id,
        customer_periods.period,
        customer_periods.first_day,
        customer_periods.next_day
),

first_days as (
    select
        customer_days.store_id,
        customer_days.customer_key,
        customer_days.day as first_day
    from customer_days
    where customer_days.is_first_day
),

shop_months as (
    select
        first_months.store_id,
        months.month::date as first_day,
        (months.month + interval '1 month')::date as next_day
    from (
        select
            first_days.store_id,
            min(first_days.first_day) as first_day
        from first_days
        group by first_days.store_id
    ) as first_months
    inner join stores on first_months.store_id = stores.store_id
    cross join lateral generate_series(
        {{ month_of('first_months.first_day') }}::timestamp,
        {{ as_of() }} at time zone stores.timezone,
        interval '1 month'
    ) as months (month)
),

month_bounds as (
    select
        shop_months.store_id,
        shop_months.first_day as bound
    from shop_months

    union

    select
        shop_months.store_id,
        shop_months.next_day as bound
    from shop_months
),

-- the customers at the start of a month: a counted order in the days before it
customers_at_bounds as (
    select distinct
        month_bounds.store_id,
        month_bounds.bound,
        customer_days.customer_key
    from month_bounds
    inner join customer_days
        on
            month_bounds.store_id = customer_days.store_id
            and month_bounds.bound > customer_days.day
            and month_bounds.bound - {{ var('retention_days') }}
            <= customer_days.day
),

bounds_summary as (
    select
        customers_at_bounds.store_id,
        customers_at_bounds.bound,
        count(*)::numeric as customers,
        count(*) filter (
            where first_days.first_day
            >= (customers_at_bounds.bound - interval '1 month')::date
        ) as new_customers
    from customers_at_bounds
    inner join first_days
        on
            customers_at_bounds.store_id = first_days.store_id
            and customers_at_bounds.customer_key = first_days.customer_key
    group by customers_at_bounds.store_id, customers_at_bounds.bound
),

retention_summary as (
    select
        shop_months.store_id,
        'month' as period,
        shop_months.first_day,
        shop_months.next_day,
        coalesce(
            at_end.customers - at_end.new_customers, 0
        ) as kept_customers,
        at_start.customers
    from shop_months
    inner join bounds_summary as at_start
        on
            shop_months.store_id = at_start.store_id
            and shop_months.first_day = at_start.bound
    left join bounds_summary as at_end
        on
            shop_months.store_id = at_end.store_id
            and shop_months.next_day = at_end.bound
),

summaries as (
    select
        acquisition_summary.*,
        null::numeric as customers_at_start,
        null::numeric as kept_customers
    from acquisition_summary

    union all

    select
        retention_summary.store_id,
        retention_summary.period,
        retention_summary.first_day,
        retention_summary.next_day,
        null::numeric as new_customers,
        null::numeric as customers,
        retention_summary.customers as customers_at_start,
        retention_summary.kept_customers
    from retention_summary
),

final as (
    select
        summaries.store_id,
        summaries.period,
        summaries.first_day,
        summaries.next_day,
        figures.metric,
        'all' as dimension,
        'all' as dimension_value,
        figures.unit,
        figures.numerator,
        figures.denominator,
        figures.value
    from summaries
    cross join lateral (
        values
        ({{ kpi_figure(kpis.new_customers, 'summaries.new_customers') }}),
        ({{ kpi_figure(
            kpis.acquisition_rate,
            'summaries.new_customers',
            'summaries.customers',
        ) }}),
        ({{ kpi_figure(
            kpis.retention_rate,
            'summaries.kept_customers',
            'summaries.customers_at_start',
        ) }})
    ) as figures (metric, unit, numerator, denominator, value)
    where figures.value is not null
)

select * from final
