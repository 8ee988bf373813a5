insert into ml.forecasts (
    store_id, metric, week, value, lower_80, upper_80, lower_95, upper_95
)
values %s
