{% set kpis = kpi_definitions() -%}

with ratings as (
    select * from {{ ref('fct_ratings') }}
),

rating_requests as (
    select * from {{ ref('fct_rating_requests') }}
),

periods as not materialized (
    select * from {{ ref('int_periods') }}
),

final as (
    {{ kpi_rows(kpis, 'ratings') }}

    union all

    {{ kpi_rows(
        kpis,
        'rating_requests',
        final_after={'answered': 'max(rating_requests.open_until)'},
    ) }}
)

select * from final
