{#
    A view: a prediction counts as soon as it is made, without a build. It does
    not use `kpi_rows`, as Postgres passes no condition on to a query with
    grouping sets; here a reader of one shop's days reads no others.
#}
{{ config(materialized="view") }}

{% set kpi = kpi_definitions().predicted_satisfaction_rate -%}

with all_episodes as (
    select * from {{ ref('int_episodes') }}
),

satisfaction_predictions as (
    select * from {{ ref('stg_satisfaction_predictions') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

episodes as not materialized (
    select
        all_episodes.*,
        case
            when all_episodes.is_ended
                then satisfaction_predictions.is_satisfied
        end as is_predicted_satisfied
    from all_episodes
    left join satisfaction_predictions
        on all_episodes.episode_id = satisfaction_predictions.episode_id
),

summary as (
    {%- for period in ["day", "month"] %}
    select
        episodes.store_id,
        '{{ period }}' as period,
        episodes.{{ period }} as first_day,
        (episodes.{{ period }} + interval '1 {{ period }}') as ends_at_local,
        parts.dimension,
        parts.dimension_value,
        {{- kpi_aggregates(kpi, 'episodes', 'episodes.has_customer_message') }}
        greatest(
            max(episodes.ended_at), max(episodes.ratable_until)
        ) as ratable_after
    from episodes
    {{ along_dimensions(kpi.dimensions) }}
    group by
        episodes.store_id,
        episodes.{{ period }},
        parts.dimension,
        parts.dimension_value
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
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
        greatest(
            summary.ends_at_local at time zone stores.timezone,
            summary.ratable_after
        ) as final_after
    from summary
    inner join stores on summary.store_id = stores.store_id
    cross join lateral (
        values ({{ kpi_figure_of(kpi, 'summary') }})
    ) as figures (metric, unit, numerator, denominator, value)
    where figures.value is not null
)

select * from final
