{% set kpis = kpi_definitions() -%}

with turns as (
    select * from {{ ref('fct_turns') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

final as (
    {{ kpi_rows(
        kpis,
        'turns',
        final_after={
            'answered': 'max(turns.open_until)',
            'first_answered':
                'max(turns.open_until) filter (where turns.is_first_response)',
        },
    ) }}
)

select * from final
