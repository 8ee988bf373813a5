{# The groups that a respondent is in: everybody, and one for each thing that
   the respondent told. #}
{% macro join_respondent_groups(relation) -%}
    inner join lateral (
        values
        ('all', 'all'),
        ('gender', {{ relation }}.gender),
        ('age_band', {{ relation }}.age_band),
        ('job', {{ relation }}.job),
        ('customer_since', {{ relation }}.customer_since)
    ) as respondent_groups (group_kind, group_value)
        on respondent_groups.group_value is not null
{%- endmacro %}

{# The critical r at 5 % (two-sided) beyond the seed, from the expansion of
   Student's t about the normal distribution (Abramowitz and Stegun, 26.7.5).
   With more than 1,000 degrees of freedom it is exact to 12 decimals. #}
{% macro critical_r_of_large_samples(df) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set t -%}
    (
        {{ z }}
        + {{ (z**3 + z) / 4 }} / {{ df }}
        + {{ (5 * z**5 + 16 * z**3 + 3 * z) / 96 }} / ({{ df }} ^ 2)
        + {{ (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384 }} / ({{ df }} ^ 3)
    )
    {%- endset -%}
    {{ t }} / sqrt({{ df }} + {{ t }} ^ 2)
{%- endmacro %}

{# A sum or a number with 40 decimals, so that means that are equal compare as
   equal and figures on the line of a grade are found there. #}
{% macro exact(number) -%}
    {{ number }}::numeric(60, 40)
{%- endmacro %}

{# Cronbach's alpha; null for one item, and if the totals do not vary. #}
{% macro cronbachs_alpha(items, item_variances, total_variance) -%}
    case
        when {{ items }} > 1 and {{ total_variance }} > 0
            then (
                {{ items }}::numeric / ({{ items }} - 1)
                * (1 - {{ item_variances }} / {{ total_variance }})
            )::double precision
    end
{%- endmacro %}
