{{ config(materialized="table") }}

with orders as (
    select * from {{ ref('fct_orders') }}
    where is_counted
),

stores as (
    select * from {{ ref('dim_stores') }}
),

customer_months as (
    select distinct
        orders.store_id,
        orders.customer_key,
        orders.month,
        min(orders.month) over (
            partition by orders.store_id, orders.customer_key
        ) as cohort_month
    from orders
),

cohorts as (
    select
        customer_months.store_id,
        customer_months.cohort_month,
        count(*) as cohort_size
    from customer_months
    where customer_months.month = customer_months.cohort_month
    group by customer_months.store_id, customer_months.cohort_month
),

-- includes months in which no customer of the cohort ordered
cohort_months as (
    select
        cohorts.store_id,
        cohorts.cohort_month,
        cohorts.cohort_size,
        months.month::date as month,
        stores.timezone
    from cohorts
    inner join stores on cohorts.store_id = stores.store_id
    cross join lateral generate_series(
        cohorts.cohort_month::timestamp,
        {{ as_of() }} at time zone stores.timezone,
        interval '1 month'
    ) as months (month)
),

months_summary as (
    select
        customer_months.store_id,
        customer_months.cohort_month,
        customer_months.month,
        count(*) as customers
    from customer_months
    group by
        customer_months.store_id,
        customer_months.cohort_month,
        customer_months.month
),

final as (
    select
        cohort_months.store_id,
        cohort_months.cohort_month,
        (
            12 * (
                extract(year from cohort_months.month)
                - extract(year from cohort_months.cohort_month)
            )
            + extract(month from cohort_months.month)
            - extract(month from cohort_months.cohort_month)
        )::integer as months_since,
        cohort_months.month,
        coalesce(months_summary.customers, 0)::integer as customers,
        cohort_months.cohort_size::integer as cohort_size,
        100.0 * coalesce(months_summary.customers, 0)
        / cohort_months.cohort_size as share,
        (cohort_months.month + interval '1 month')
        at time zone cohort_months.timezone <= {{ as_of() }} as is_final
    from cohort_months
    left join months_summary
        on
            cohort_months.store_id = months_summary.store_id
            and cohort_months.cohort_month = months_summary.cohort_month
            and cohort_months.month = months_summary.month
)

select * from final
