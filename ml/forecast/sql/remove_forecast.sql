delete from ml.forecasts
where
    forecasts.store_id = %(store_id)s
    and forecasts.metric = %(metric)s
