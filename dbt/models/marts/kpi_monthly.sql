{{ config(materialized="view") }}

with conversation_kpis as (
    select * from {{ ref('int_kpis') }}
),

store_kpis as (
    select * from {{ ref('int_store_kpis') }}
),

kpis as (
    select
        conversation_kpis.*,
        false as is_of_shop
    from conversation_kpis

    union all

    select
        store_kpis.*,
        true as is_of_shop
    from store_kpis
),

store_freshness as (
    select * from {{ ref('int_store_freshness') }}
),

-- read where it stands, so that a verdict shows before the next build
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
            "case when kpis.is_of_shop then"
            ~ " coalesce(current_reconciliations.verdict, 'warn') end",
        ) }} as quality
    from kpis
    inner join store_freshness on kpis.store_id = store_freshness.store_id
    left join current_verdict on true
    left join current_reconciliations
        on
            kpis.store_id = current_reconciliations.store_id
            and kpis.is_of_shop
    where kpis.period = 'month'
)

select * from final
