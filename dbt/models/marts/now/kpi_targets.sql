{% set kpis = kpi_definitions().values() | selectattr("target") | list -%}

with kpi_targets as (
    select * from {{ ref('stg_kpi_targets') }}
),

-- the KPI whose figures are compared with a target; for a limit another KPI
comparisons (metric, compared_metric, better, days_ago) as (
    values
    {%- for kpi in kpis %}
    (
        '{{ kpi.metric }}',
        '{{ kpi.target.metric }}',
        '{{ kpi.target.better }}',
        {{ kpi.target.days_ago }}
    ){{ "," if not loop.last }}
    {%- endfor %}
),

final as (
    select
        kpi_targets.store_id,
        kpi_targets.metric,
        kpi_targets.target,
        comparisons.compared_metric,
        comparisons.better,
        comparisons.days_ago
    from kpi_targets
    left join comparisons on kpi_targets.metric = comparisons.metric
)

select * from final
