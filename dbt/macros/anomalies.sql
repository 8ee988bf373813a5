{#
    The anomaly score of a figure; `DECISIONLOG.md` argues for the method.
    Figures are compared on a scale on which random variation is equally large
    at any level (a variance-stabilising transform): the square root of counts,
    the arcsine of shares, the logarithm of times and averages.
#}

{# How many days get a score: more than a page shows. #}
{% macro days_scored() -%} 400 {%- endmacro %}

{# How many days before a day its level and its weekday's deviation from the
   level come from. Whole weeks, so that every weekday weighs the same. #}
{% macro days_of_level() -%} 14 {%- endmacro %}

{% macro days_of_season() -%} 56 {%- endmacro %}

{% macro weeks_of_season() -%}
    {{ days_of_season() | int // 7 }}
{%- endmacro %}

{# For how many days after it a figure affects scores. #}
{% macro days_of_reach() -%}
    {{ days_of_level() | int + days_of_season() | int }}
{%- endmacro %}

{% macro days_read() -%}
    {{ days_scored() | int + days_of_reach() | int }}
{%- endmacro %}

{# A day with fewer figures before it gets no score. #}
{% macro fewest_days_of_level() -%}
    {{ days_of_level() | int // 2 }}
{%- endmacro %}

{% macro fewest_days_of_season() -%}
    {{ days_of_season() | int // 2 }}
{%- endmacro %}

{% macro fewest_weeks() -%} 4 {%- endmacro %}

{# A share, a median or an average of fewer values gets no score. #}
{% macro fewest_values() -%} 20 {%- endmacro %}

{# An anomaly is at least this many spreads away from the expected figure. #}
{% macro anomaly_score() -%} 4.5 {%- endmacro %}

{% macro median(column) -%}
    percentile_cont(0.5) within group (order by {{ column }})
{%- endmacro %}

{# A figure on its scale; null for an average that is not positive. Counts and
   shares use Anscombe's transform. Negative sales are treated as none. #}
{% macro scaled_value(value, unit, denominator) -%}
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

{# The inverse: the figure of a value on the scale, for a row of `relation`. #}
{% macro unscaled_value(scaled, relation="expectations") -%}
    (
        case
            when {{ relation }}.unit = 'count'
                then greatest(greatest({{ scaled }}, 0) ^ 2 - 0.375, 0)
            when {{ relation }}.unit = 'percent' then least(greatest(
                100 * (
                    sin(least(greatest({{ scaled }}, 0), pi() / 2)) ^ 2
                    * ({{ relation }}.denominator + 0.75) - 0.375
                ) / {{ relation }}.denominator,
                0
            ), 100)
            when {{ relation }}.unit = 'seconds'
                then greatest(exp({{ scaled }}) - 1, 0)
            when {{ relation }}.denominator is null
                then greatest({{ scaled }}, 0) ^ 2
            else exp({{ scaled }})
        end
    )::numeric
{%- endmacro %}

{# The spread that random variation alone causes, however even the weeks before
   were: Poisson for counts, binomial for shares, for times and averages that of
   values whose deviation equals their mean, a tenth for sums of money. #}
{% macro random_spread(expected, unit, denominator) -%}
    case
        when {{ unit }} = 'count' then 0.5
        when {{ unit }} = 'percent' then 0.5 / sqrt({{ denominator }})
        when {{ denominator }} is null then 0.05 * abs({{ expected }})
        else 1.25 / sqrt({{ denominator }})
    end
{%- endmacro %}
