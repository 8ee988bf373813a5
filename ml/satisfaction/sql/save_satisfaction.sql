insert into ml.satisfaction_predictions (
    episode_id,
    satisfied,
    satisfied_share,
    doubts,
    neighbours,
    rests_on_rating,
    model_version,
    predicted_from
)
values %s
on conflict (episode_id) do update set
    satisfied = excluded.satisfied,
    satisfied_share = excluded.satisfied_share,
    doubts = excluded.doubts,
    neighbours = excluded.neighbours,
    rests_on_rating = excluded.rests_on_rating,
    model_version = excluded.model_version,
    predicted_from = excluded.predicted_from,
    predicted_at = now()
where
    (
        satisfaction_predictions.satisfied,
        satisfaction_predictions.satisfied_share,
        satisfaction_predictions.doubts,
        satisfaction_predictions.neighbours,
        satisfaction_predictions.rests_on_rating,
        satisfaction_predictions.model_version,
        satisfaction_predictions.predicted_from
    ) is distinct from (
        excluded.satisfied,
        excluded.satisfied_share,
        excluded.doubts,
        excluded.neighbours,
        excluded.rests_on_rating,
        excluded.model_version,
        excluded.predicted_from
    )
returning satisfaction_predictions.episode_id
