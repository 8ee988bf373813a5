{{ config(materialized="view") }}

with judged_kpis as (
    select * from {{ ref('int_judged_kpis') }}
),

final as (
    select
        judged_kpis.store_id,
        judged_kpis.day,
        judged_kpis.metric,
        judged_kpis.dimension,
        judged_kpis.dimension_value,
        judged_kpis.value,
        judged_kpis.expected,
        judged_kpis.lower,
        judged_kpis.upper,
        judged_kpis.score
    from judged_kpis
    where abs(judged_kpis.score) >= {{ anomaly_score() }}
)

select * from final
