select
    forecast_evaluations.reason,
    forecast_evaluations.weeks,
    100 * forecast_evaluations.error
    / nullif(forecast_evaluations.naive_error, 0) as error_of_naive,
    100 * forecast_evaluations.coverage_80 as coverage_80,
    100 * forecast_evaluations.coverage_95 as coverage_95
from marts.forecast_evaluations
where
    forecast_evaluations.store_id = %(store)s
    and forecast_evaluations.metric = 'message_volume'
