{#
    Tests read everything, but in a build of pipeline/transform.py, which sets
    `test_all` to false, only what the build replaced: to read years of history
    each time would cost more than the build. `day` may be a month's first day.
#}
{% macro in_changed_days(day="day", store_id="store_id") -%}
    {{ in_changed("int_changed_days", store_id, day, "day", "true") }}
{%- endmacro %}

{% macro in_changed_months(month="month", store_id="store_id") -%}
    {{ in_changed(
        "int_changed_periods", store_id, month, "first_day", "period = 'month'"
    ) }}
{%- endmacro %}

{% macro in_changed(model, store_id, day, column, condition) -%}
    {% if var("test_all") -%}
        true
    {%- else -%}
        ({{ store_id }}, {{ day }}) in (
            select changed.store_id, changed.{{ column }}
            from {{ schema_of("intermediate") }}.{{ model }} as changed
            where {{ condition }}
        )
    {%- endif %}
{%- endmacro %}

{# What generic tests read: their `where` may name the rows of this build. #}
{% macro default__get_where_subquery(relation) -%}
    {% set where = (config.get("where") or "")
        | replace("__in_changed_days__", in_changed_days())
        | replace("__in_changed_months__", in_changed_months()) -%}
    {% if where -%}
        {{ return(
            "(select * from " ~ relation ~ " where " ~ where ~ ") as tested"
        ) }}
    {%- else -%}
        {{ return(relation) }}
    {%- endif %}
{%- endmacro %}
