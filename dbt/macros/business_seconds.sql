{# A subquery: how long a store had been open from the start of its calendar to
   a time. The business seconds of a span are the difference of two of them. #}
{% macro open_seconds_until(store_id, time) -%}
    select
        business_periods.seconds_before + {{ seconds_between(
            "business_periods.opens_at",
            "least(business_periods.closes_at, " ~ time ~ ")"
        ) }} as open_seconds
    from (
        select * from {{ ref('int_business_periods') }}
    ) as business_periods
    where
        business_periods.store_id = {{ store_id }}
        and business_periods.opens_at <= {{ time }}
    order by business_periods.opens_at desc
    limit 1
{%- endmacro %}
