-- noqa: disable=RF02
-- The predicates are lists of names; the only joins are with names of parts.
{#
    Every KPI of a shop's sales but retention, taken once more straight from the
    facts, day by day and month by month, beside the models that store it.
#}
{% set grains = [("day", "kpi_daily"), ("month", "kpi_monthly")] -%}

with sales as (
    select
        store_id, day, month, currency, is_shop_currency, net, 1 as orders
    from {{ ref('fct_orders') }}
    where is_counting

    union all

    select
        store_id, day, month, currency, is_shop_currency, net, 0 as orders
    from {{ ref('fct_refunds') }}
    where is_counting
),

parted_sales as (
    select
        sales.*,
        'currency' as dimension,
        sales.currency as dimension_value
    from sales
    where sales.currency is not null

    union all

    select
        sales.*,
        'all' as dimension,
        'all' as dimension_value
    from sales
    where sales.is_shop_currency
),

shoppers as (
    select * from {{ ref('fct_orders') }}
    where is_counting
),

drill_down as (
    {%- for grain, _ in grains %}
    select
        '{{ grain }}' as grain,
        store_id,
        {{ grain }} as first_day,
        'net_sales' as metric,
        dimension,
        dimension_value,
        sum(net) as numerator,
        null::numeric as denominator
    from parted_sales
    group by 2, 3, 5, 6

    union all

    select
        '{{ grain }}' as grain,
        store_id,
        {{ grain }} as first_day,
        'orders' as metric,
        dimension,
        dimension_value,
        sum(orders) as numerator,
        null as denominator
    from parted_sales
    group by 2, 3, 5, 6
    having sum(orders) > 0

    union all

    select
        '{{ grain }}' as grain,
        store_id,
        {{ grain }} as first_day,
        'average_order_value' as metric,
        dimension,
        dimension_value,
        sum(net) as numerator,
        count(*) as denominator
    from parted_sales
    where orders = 1
    group by 2, 3, 5, 6

    union all

    select
        '{{ grain }}' as grain,
        store_id,
        {{ grain }} as first_day,
        'new_customers' as metric,
        'all' as dimension,
        'all' as dimension_value,
        count(*) as numerator,
        null as denominator
    from shoppers
    where is_new_customer
    group by 2, 3

    union all

    select
        '{{ grain }}' as grain,
        store_id,
        {{ grain }} as first_day,
        'acquisition_rate' as metric,
        'all' as dimension,
        'all' as dimension_value,
        count(*) filter (where is_new_customer) as numerator,
        count(distinct customer_key) as denominator
    from shoppers
    group by 2, 3
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

stored as (
    {%- for grain, mart in grains %}
    select
        '{{ grain }}' as grain,
        store_id,
        {{ grain }} as first_day,
        metric,
        dimension,
        dimension_value,
        numerator,
        denominator
    from {{ ref(mart) }}
    where
        metric in (
            'net_sales',
            'orders',
            'average_order_value',
            'new_customers',
            'acquisition_rate'
        )
    {{ "union all" if not loop.last }}
    {%- endfor %}
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
