{# The time that the build computes everything as of. #}
{% macro as_of() -%}
    '{{ var("as_of") or run_started_at.isoformat() }}'::timestamptz
{%- endmacro %}

{# Days of 24 hours, whatever the session's time zone. #}
{% macro days(number) -%}
    make_interval(hours => 24 * {{ number }})
{%- endmacro %}

{% macro hours(number) -%}
    make_interval(hours => {{ number }})
{%- endmacro %}

{# The calendar day of a time in a time zone. #}
{% macro local_day(time, timezone) -%}
    ({{ time }} at time zone {{ timezone }})::date
{%- endmacro %}

{# The first day of the month of a day. #}
{% macro month_of(day) -%}
    date_trunc('month', {{ day }}::timestamp)::date
{%- endmacro %}

{% macro seconds_between(earlier, later) -%}
    extract(epoch from {{ later }} - {{ earlier }})
{%- endmacro %}

{# The earliest of these times that is after as_of. #}
{% macro first_after_as_of(times) -%}
    least(
        {%- for time in times %}
        case when {{ time }} > {{ as_of() }} then {{ time }} end
        {{- "," if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
