insert into raw.survey_answers as known (
    store_id, wave, respondent, item, dimension, performance, expectation
)
values %s
on conflict (store_id, wave, respondent, item) do update
    set
        dimension = excluded.dimension,
        performance = excluded.performance,
        expectation = excluded.expectation,
        changed_at = now()
    where
    (known.dimension, known.performance, known.expectation)
    is distinct from
    (excluded.dimension, excluded.performance, excluded.expectation)
returning case when xmax = 0 then 'new' else 'changed' end as outcome
