-- Who is a customer at a month's start and end, asked of the orders for each
-- customer and month.
with orders as (
    select * from {{ ref('fct_orders') }}
    where is_counting
),

stored as (
    select
        kpi_monthly.store_id,
        kpi_monthly.month,
        kpi_monthly.numerator,
        kpi_monthly.denominator
    from {{ ref('kpi_monthly') }} as kpi_monthly
    where kpi_monthly.metric = 'retention_rate'
),

shop_months as (
    select distinct
        cohorts.store_id,
        cohorts.month,
        (cohorts.month + interval '1 month')::date as next_month
    from {{ ref('retention_cohorts') }} as cohorts
),

customers as (
    select
        shop_months.store_id,
        shop_months.month,
        orders.customer_key,
        min(orders.day) >= shop_months.month as is_new,
        bool_or(
            orders.day < shop_months.month
            and orders.day
            >= shop_months.month - {{ var('retention_days') }}
        ) as is_at_start,
        bool_or(
            orders.day
            >= shop_months.next_month - {{ var('retention_days') }}
        ) as is_at_end
    from shop_months
    inner join orders
        on
            shop_months.store_id = orders.store_id
            and shop_months.next_month > orders.day
    group by
        shop_months.store_id,
        shop_months.month,
        orders.customer_key
),

drill_down as (
    select
        customers.store_id,
        customers.month,
        count(*) filter (
            where customers.is_at_end and not customers.is_new
        )::numeric as numerator,
        count(*) filter (where customers.is_at_start)::numeric as denominator
    from customers
    group by customers.store_id, customers.month
    having count(*) filter (where customers.is_at_start) > 0
),

stored_otherwise as (
    select * from stored
    except
    select * from drill_down
),

not_stored as (
    select * from drill_down
    except
    select * from stored
)

select * from stored_otherwise
union all
select * from not_stored
