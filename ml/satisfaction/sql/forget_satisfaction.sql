delete from ml.satisfaction_predictions
where
    not exists (
        select
        from marts.fct_episodes
        where
            fct_episodes.episode_id = satisfaction_predictions.episode_id
            and fct_episodes.is_ended
    )
