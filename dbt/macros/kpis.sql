{#
    KPIs are counted once for all and once along each dimension, by grouping
    sets: `grouping()` is 0 for the column that a row stands for.
#}
{% macro dimension_of(fact, dimensions) -%}
    case
        {%- for dimension in dimensions %}
        when grouping({{ fact }}.{{ dimension }}) = 0 then '{{ dimension }}'
        {%- endfor %}
        else 'all'
    end as dimension,
    case
        {%- for dimension in dimensions %}
        when grouping({{ fact }}.{{ dimension }}) = 0
            then {{ fact }}.{{ dimension }}
        {%- endfor %}
        else 'all'
    end as dimension_value
{%- endmacro %}

{# The join of a fact with the days and months that are computed again. #}
{% macro lies_in_period(fact, day="day") -%}
    periods.store_id = {{ fact }}.store_id
    and {{ fact }}.{{ day }} >= periods.first_day
    and {{ fact }}.{{ day }} < periods.next_day
{%- endmacro %}

{% macro percentile(share, column, condition) -%}
    (
        percentile_cont({{ share }}) within group (order by {{ column }})
        filter (where {{ condition }})
    )::numeric
{%- endmacro %}

{# A row once for all and once for each of its dimensions that it knows. #}
{% macro along_dimensions(dimensions) -%}
    inner join lateral (
        values
        ('all', 'all')
        {%- for dimension in dimensions %}
        , ('{{ dimension }}', {{ dimension }})
        {%- endfor %}
    ) as parts (dimension, dimension_value)
        on parts.dimension_value is not null
{%- endmacro %}
