{{ config(materialized="view") }}

with kpi_scores as (
    select * from {{ ref('int_kpi_scores') }}
),

final as (
    select
        kpi_scores.store_id,
        kpi_scores.day,
        kpi_scores.metric,
        kpi_scores.dimension,
        kpi_scores.dimension_value,
        kpi_scores.value,
        kpi_scores.expected,
        kpi_scores.lower,
        kpi_scores.upper,
        kpi_scores.score
    from kpi_scores
    where abs(kpi_scores.score) >= {{ anomaly_score() }}
)

select * from final
