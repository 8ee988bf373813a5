{{ config(materialized="view") }}

with kpis as (
    select * from {{ ref('int_kpis') }}
),

store_freshness as (
    select * from {{ ref('int_store_freshness') }}
),

-- read where it stands, so that a verdict shows before the next build
current_verdict as (
    select * from {{ source('quality', 'current_verdict') }}
),

final as (
    select
        kpis.store_id,
        kpis.first_day as day,
        kpis.metric,
        kpis.dimension,
        kpis.dimension_value,
        kpis.numerator,
        kpis.denominator,
        kpis.value,
        kpis.unit,
        kpis.final_after <= store_freshness.as_of as is_final,
        store_freshness.data_as_of,
        coalesce(current_verdict.verdict, 'warn') as quality
    from kpis
    inner join store_freshness on kpis.store_id = store_freshness.store_id
    left join current_verdict on true
    where kpis.period = 'day'
)

select * from final
