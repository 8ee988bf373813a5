{{ config(materialized="view", meta={"freshness": none}) }}

with forecasts as (
    select * from {{ source('ml', 'forecasts') }}
),

final as (
    select
        forecasts.store_id,
        forecasts.metric,
        forecasts.week,
        forecasts.value,
        forecasts.lower_80,
        forecasts.upper_80,
        forecasts.lower_95,
        forecasts.upper_95
    from forecasts
)

select * from final
