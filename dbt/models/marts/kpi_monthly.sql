{{ config(materialized="view") }}

with kpis as (
    {%- for kpis in [
        "int_kpis", "int_satisfaction_kpis", "int_store_kpis", "int_cost_kpis",
    ] %}
    select * from {{ ref(kpis) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

store_freshness as (
    select * from {{ ref('int_store_freshness') }}
),

-- read live, so that a verdict shows without a build
current_verdict as (
    select * from {{ source('quality', 'current_verdict') }}
),

current_reconciliations as (
    select * from {{ source('quality', 'current_reconciliations') }}
),

final as (
    select
        kpis.store_id,
        kpis.first_day as month,
        kpis.metric,
        kpis.dimension,
        kpis.dimension_value,
        kpis.numerator,
        kpis.denominator,
        kpis.value,
        kpis.unit,
        kpis.final_after <= store_freshness.as_of as is_final,
        store_freshness.data_as_of,
        {{ worst_verdict(
            "current_verdict.verdict",
            "case when " ~ is_store_metric("kpis.metric") ~ " then"
            ~ " coalesce(current_reconciliations.verdict, 'warn') end",
        ) }} as quality
    from kpis
    inner join store_freshness on kpis.store_id = store_freshness.store_id
    left join current_verdict on true
    left join current_reconciliations
        on kpis.store_id = current_reconciliations.store_id
    where kpis.period = 'month'
)

select * from final
