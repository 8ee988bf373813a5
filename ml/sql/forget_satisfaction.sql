delete from ml.satisfaction_predictions
where satisfaction_predictions.episode_id != all(%(episodes)s)
