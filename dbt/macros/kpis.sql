{#
    KPIs are computed as kpis.yml defines them. They are counted once for all
    and once along each dimension, by grouping sets: `grouping()` is 0 for the
    column that a row stands for.
#}
{# The KPIs of a fact in each period, one row each. Only rows of the relation
   `fact` that meet `counted` count. `final_after` maps a rule of kpis.yml to an
   aggregate: the time until which the fact's rows can change a figure. The rule
   `period` needs none, as no figure is final before its period ends. #}
{% macro kpi_rows(
    definitions, fact, final_after={}, day="day", counted="true"
) -%}
    {%- set kpis = definitions.values() | selectattr("fact", "eq", fact)
        | list -%}
    {%- set dimensions = kpis | map(attribute="dimensions") | sum(start=[])
        | unique | list -%}
    select
        summary.store_id,
        summary.period,
        summary.first_day,
        figures.metric,
        summary.dimension,
        summary.dimension_value,
        figures.unit,
        figures.numerator,
        figures.denominator,
        figures.value,
        figures.final_after
    from (
        select
            periods.store_id,
            periods.period,
            periods.first_day,
            {{ dimension_of(fact, dimensions) }},
            {%- for kpi in kpis %}
            {{ kpi_aggregates(kpi, fact, counted) }}
            {%- endfor %}
            {%- for rule, moment in final_after.items() %}
            greatest(periods.ends_at, {{ moment }}) as {{ rule }}_after,
            {%- endfor %}
            periods.ends_at as period_after
        from periods
        inner join {{ fact }} on {{ lies_in_period(fact, day) }}
        group by
            periods.store_id,
            periods.period,
            periods.first_day,
            periods.ends_at,
            grouping sets (
                ()
                {%- for dimension in dimensions %},
                ({{ fact }}.{{ dimension }})
                {%- endfor %}
            )
    ) as summary
    cross join lateral (
        values
        {%- for kpi in kpis %}
        (
            {{ kpi_figure_of(kpi, "summary") }},
            summary.{{ kpi.final_after }}_after,
            array[{{ "'" ~ (["all"] + kpi.dimensions) | join("', '") ~ "'" }}]
        ){{ "," if not loop.last }}
        {%- endfor %}
    ) as figures (
        metric, unit, numerator, denominator, value, final_after, dimensions
    )
    where
        figures.value is not null
        and summary.dimension_value is not null
        and summary.dimension = any(figures.dimensions)
{%- endmacro %}

{# The aggregates of a KPI over the rows of its fact. #}
{% macro kpi_aggregates(kpi, relation, counted="true") -%}
    {%- set total = all_of(kpi.denominator or [], relation, counted) -%}
    {%- set part = all_of(kpi.numerator or [], relation, total) -%}
    {%- set column = relation ~ "." ~ kpi.measure -%}
    {%- if kpi.percentile %}
            {{ percentile(kpi.percentile, column, total) }}
                as {{ kpi.metric }}_value,
            null::numeric as {{ kpi.metric }}_numerator,
    {%- else %}
            {{ "sum(" ~ column ~ ")" if kpi.measure else "count(*)" }}
                filter (where {{ part }}) as {{ kpi.metric }}_numerator,
    {%- endif %}
    {%- if kpi.denominator is defined %}
            nullif(count(*) filter (where {{ total }}), 0)
                as {{ kpi.metric }}_denominator,
    {%- endif %}
{%- endmacro %}

{% macro all_of(conditions, relation, others) -%}
    {{ others }}
    {%- for condition in conditions %}
                and {{ relation }}.{{ condition }}
    {%- endfor %}
{%- endmacro %}

{# The columns of `kpi_figure` from a relation that has the KPI's aggregates. #}
{% macro kpi_figure_of(kpi, aggregates) -%}
    {%- set column = aggregates ~ "." ~ kpi.metric -%}
    {{ kpi_figure(
        kpi,
        column ~ "_numerator",
        column ~ "_denominator" if kpi.denominator is defined,
        column ~ "_value" if kpi.percentile,
    ) }}
{%- endmacro %}

{# The columns metric, unit, numerator, denominator and value of a KPI. `value`
   is for KPIs that are no quotient, such as medians. The value is null where
   there is nothing to divide by and where nothing was counted. #}
{% macro kpi_figure(kpi, numerator, denominator=none, value=none) -%}
            '{{ kpi.metric }}',
            '{{ kpi.unit }}',
    {%- if value %}
            {{ numerator }},
            ({{ denominator }})::numeric,
            {{ value }}
    {%- elif denominator %}
            ({{ numerator }})::numeric,
            ({{ denominator }})::numeric,
            {{ "100.0 * " if kpi.unit == "percent" }}{{ numerator }}
            / {{ denominator }}
    {%- else %}
    {%- set counted = "nullif(" ~ numerator ~ ", 0)"
        if kpi.unit == "count" else numerator %}
            ({{ counted }})::numeric,
            null::numeric,
            ({{ counted }})::numeric
    {%- endif %}
{%- endmacro %}

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

{# The condition that joins a fact with its day and month. #}
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

{# Joins each row once for the total and once per dimension that is not null. #}
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
