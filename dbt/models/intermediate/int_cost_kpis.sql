{{ config(materialized="view") }}

{% set kpis = kpi_definitions() -%}

with costs as (
    select * from {{ ref('bot_costs') }}
),

final as (
    select
        costs.store_id,
        'month' as period,
        costs.month as first_day,
        figures.metric,
        'all' as dimension,
        'all' as dimension_value,
        figures.unit,
        figures.numerator,
        figures.denominator,
        figures.value,
        costs.final_after
    from costs
    cross join lateral (
        values
        ({{ kpi_figure(kpis.bot_saving, 'costs.saving') }}),
        ({{ kpi_figure(
            kpis.bot_saving_rate,
            'costs.saving',
            'nullif(costs.cost_before, 0)',
        ) }}),
        -- without a saving, nothing pays back the investment
        ({{ kpi_figure(
            kpis.payback_months,
            'costs.investment',
            'case when costs.saving > 0 then costs.saving end',
        ) }})
    ) as figures (metric, unit, numerator, denominator, value)
    where figures.value is not null
)

select * from final
