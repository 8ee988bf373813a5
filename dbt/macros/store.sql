{#
    Values of a shop's API can have any type: a number as text, null, or
    something else. A value that cannot be read becomes null and fails no build.
#}
{% macro as_amount(text) -%}
    case
        when {{ text }} ~ '^-?[0-9]{1,30}([.][0-9]{1,30})?$'
            then ({{ text }})::numeric
    end
{%- endmacro %}

{% macro as_id(text) -%}
    case when {{ text }} ~ '^[0-9]{1,18}$' then ({{ text }})::bigint end
{%- endmacro %}

{# A shop's time without a zone, to the second. The day is added to the month,
   as a day that does not exist must not fail. #}
{% macro as_time(text) -%}
    case
        when
            {{ text }} ~ '^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
            and substr({{ text }}, 11, 9)
            ~ '^[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$'
            then (left({{ text }}, 7) || '-01')::date
            + substr({{ text }}, 12, 8)::time
            + make_interval(days => substr({{ text }}, 9, 2)::integer - 1)
    end
{%- endmacro %}

{# The elements of a JSON array; no rows for other values. #}
{% macro elements(json) -%}
    jsonb_array_elements(
        case
            when jsonb_typeof({{ json }}) = 'array' then {{ json }} else '[]'
        end
    )
{%- endmacro %}

{# A JSON object; an empty one for other values. Read it once, as each `->>`
   decompresses the whole body again. #}
{% macro as_object(json) -%}
    case when jsonb_typeof({{ json }}) = 'object' then {{ json }} else '{}' end
{%- endmacro %}

{# Joins each row with its day and its month. #}
{% macro along_periods(day) -%}
    inner join lateral (
        values
        ('day', {{ day }}, {{ day }} + 1),
        (
            'month',
            {{ month_of(day) }},
            ({{ month_of(day) }} + interval '1 month')::date
        )
    ) as periods (period, first_day, next_day) on true
{%- endmacro %}

{# The columns of WooCommerce Analytics' report. As there, the average is of
   orders alone and 0 without any; refunds are all rows with a negative net. #}
{% macro analytics_figures(rows) -%}
    {%- set is_order = rows ~ ".parent_id = 0" -%}
    count(*) filter (where {{ is_order }})::integer as orders_count,
    sum({{ rows }}.net_total) as net_revenue,
    coalesce(
        sum({{ rows }}.net_total) filter (where {{ is_order }})
        / nullif(count(*) filter (where {{ is_order }}), 0),
        0
    ) as avg_order_value,
    sum({{ rows }}.total_sales) as total_sales,
    abs(
        coalesce(
            sum(
                {{ rows }}.net_total + {{ rows }}.taxes + {{ rows }}.shipping
            ) filter (where {{ rows }}.net_total < 0),
            0
        )
    ) as refunds,
    sum({{ rows }}.coupons) as coupons,
    coalesce(
        sum({{ rows }}.net_total) filter (where {{ is_order }}), 0
    ) + sum({{ rows }}.coupons) as gross_sales,
    sum({{ rows }}.taxes) as taxes,
    sum({{ rows }}.shipping) as shipping,
    sum({{ rows }}.num_items_sold) as num_items_sold,
    count(distinct {{ rows }}.customer_id)::integer as total_customers,
    count(*) filter (
        where {{ is_order }} and {{ rows }}.customer_type = 'new'
    )::integer as new_orders_count,
    count(*) filter (
        where {{ is_order }} and {{ rows }}.customer_type = 'returning'
    )::integer as returning_orders_count
{%- endmacro %}

{# The worse of a validation's verdict (warn before the first validation) and
   another verdict, which may be null. #}
{% macro worst_verdict(verdict, other) -%}
    case
        when 'fail' in ({{ verdict }}, {{ other }}) then 'fail'
        when {{ verdict }} is null or 'warn' in ({{ verdict }}, {{ other }})
            then 'warn'
        else 'pass'
    end
{%- endmacro %}
