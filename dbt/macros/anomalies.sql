{#
    How figures are judged; `DECISIONLOG.md` argues it. A figure stands on a
    scale on which chance is equally wide at any height: a count's square root,
    a share's arcsine, the logarithm of times and averages.
#}

{# How many days are judged: more than a page shows. #}
{% macro days_judged() -%} 400 {%- endmacro %}

{# A level and a weekday's deviation from it come from as many days before.
   Whole weeks, so that no weekday weighs more than another. #}
{% macro days_of_level() -%} 14 {%- endmacro %}

{% macro days_of_season() -%} 56 {%- endmacro %}

{% macro weeks_of_season() -%}
    {{ days_of_season() | int // 7 }}
{%- endmacro %}

{# How far a figure counts for the days after it. #}
{% macro days_of_reach() -%}
    {{ days_of_level() | int + days_of_season() | int }}
{%- endmacro %}

{% macro days_read() -%}
    {{ days_judged() | int + days_of_reach() | int }}
{%- endmacro %}

{# With fewer figures before it a day is not judged. #}
{% macro fewest_days_of_level() -%}
    {{ days_of_level() | int // 2 }}
{%- endmacro %}

{% macro fewest_days_of_season() -%}
    {{ days_of_season() | int // 2 }}
{%- endmacro %}

{% macro fewest_weeks() -%} 4 {%- endmacro %}

{# Of fewer values a share, a median or an average is not judged. #}
{% macro fewest_values() -%} 20 {%- endmacro %}

{# From how many spreads away a figure is out of the ordinary. #}
{% macro anomaly_score() -%} 4.5 {%- endmacro %}

{% macro median(column) -%}
    percentile_cont(0.5) within group (order by {{ column }})
{%- endmacro %}

{# A figure on its scale; null for an average that has no place there. Counts
   and shares after Anscombe. A day that gave back more than it sold stands
   where one without sales does. #}
{% macro judged_value(value, unit, denominator) -%}
    case
        when {{ unit }} = 'count'
            then sqrt({{ value }}::double precision + 0.375)
        when {{ unit }} = 'percent' then asin(sqrt(
            (
                least({{ value }}, 100)::double precision / 100
                * {{ denominator }} + 0.375
            ) / ({{ denominator }} + 0.75)
        ))
        when {{ unit }} = 'seconds' then ln(1 + {{ value }}::double precision)
        when {{ denominator }} is null
            then sqrt(greatest({{ value }}, 0)::double precision)
        when {{ value }} > 0 then ln({{ value }}::double precision)
    end
{%- endmacro %}

{# And back again, for a row of the relation. #}
{% macro figure_of(judged, relation="expectations") -%}
    (
        case
            when {{ relation }}.unit = 'count'
                then greatest(greatest({{ judged }}, 0) ^ 2 - 0.375, 0)
            when {{ relation }}.unit = 'percent' then least(greatest(
                100 * (
                    sin(least(greatest({{ judged }}, 0), pi() / 2)) ^ 2
                    * ({{ relation }}.denominator + 0.75) - 0.375
                ) / {{ relation }}.denominator,
                0
            ), 100)
            when {{ relation }}.unit = 'seconds'
                then greatest(exp({{ judged }}) - 1, 0)
            when {{ relation }}.denominator is null
                then greatest({{ judged }}, 0) ^ 2
            else exp({{ judged }})
        end
    )::numeric
{%- endmacro %}

{# How wide chance alone is, however even the weeks before were: Poisson's for
   counts, the binomial's for shares, for times and averages that of values
   that vary as much as they are high, a tenth for sums of money. #}
{% macro chance(expected, unit, denominator) -%}
    case
        when {{ unit }} = 'count' then 0.5
        when {{ unit }} = 'percent' then 0.5 / sqrt({{ denominator }})
        when {{ denominator }} is null then 0.05 * abs({{ expected }})
        else 1.25 / sqrt({{ denominator }})
    end
{%- endmacro %}
