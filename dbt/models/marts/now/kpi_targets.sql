with kpi_targets as (
    select * from {{ ref('stg_kpi_targets') }}
)

select * from kpi_targets
