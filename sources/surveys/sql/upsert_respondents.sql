-- What a file leaves out stays as it was told.
insert into raw.survey_respondents as known (
    store_id, wave, respondent, gender, age_band, job, customer_since, source,
    finished_at
)
values %s
on conflict (store_id, wave, respondent) do update
    set
        gender = coalesce(excluded.gender, known.gender),
        age_band = coalesce(excluded.age_band, known.age_band),
        job = coalesce(excluded.job, known.job),
        customer_since = coalesce(excluded.customer_since, known.customer_since),
        changed_at = now()
    where
    (
        coalesce(excluded.gender, known.gender),
        coalesce(excluded.age_band, known.age_band),
        coalesce(excluded.job, known.job),
        coalesce(excluded.customer_since, known.customer_since)
    ) is distinct from (
        known.gender, known.age_band, known.job, known.customer_since
    )
