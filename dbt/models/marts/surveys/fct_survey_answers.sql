with survey_answers as (
    select * from {{ ref('stg_survey_answers') }}
),

respondents as (
    select * from {{ ref('stg_survey_respondents') }}
),

items as (
    select * from {{ ref('stg_survey_items') }}
),

-- An item is in one dimension: the wave's, or that of the newest answer if the
-- wave has the item no longer.
final as (
    select
        survey_answers.store_id,
        survey_answers.wave,
        survey_answers.respondent,
        survey_answers.item,
        first_value(coalesce(items.dimension, survey_answers.dimension)) over (
            partition by
                survey_answers.store_id,
                survey_answers.wave,
                survey_answers.item
            order by
                survey_answers.changed_at desc,
                survey_answers.respondent asc
        ) as dimension,
        survey_answers.performance,
        survey_answers.expectation,
        survey_answers.performance - survey_answers.expectation as gap,
        respondents.gender,
        respondents.age_band,
        respondents.job,
        respondents.customer_since,
        respondents.source,
        survey_answers.answered_at
    from survey_answers
    inner join respondents
        on
            survey_answers.store_id = respondents.store_id
            and survey_answers.wave = respondents.wave
            and survey_answers.respondent = respondents.respondent
    left join items
        on
            survey_answers.store_id = items.store_id
            and survey_answers.wave = items.wave
            and survey_answers.item = items.item
    where
        survey_answers.performance is not null
        or survey_answers.expectation is not null
)

select * from final
