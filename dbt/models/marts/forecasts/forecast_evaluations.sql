{{ config(materialized="view", meta={"freshness": none}) }}

with forecast_evaluations as (
    select * from {{ source('ml', 'forecast_evaluations') }}
),

final as (
    select
        forecast_evaluations.store_id,
        forecast_evaluations.metric,
        forecast_evaluations.last_week,
        forecast_evaluations.weeks,
        forecast_evaluations.origins,
        forecast_evaluations.method,
        forecast_evaluations.error,
        forecast_evaluations.naive_error,
        forecast_evaluations.coverage_80,
        forecast_evaluations.coverage_95,
        forecast_evaluations.reason,
        forecast_evaluations.evaluated_at
    from forecast_evaluations
)

select * from final
