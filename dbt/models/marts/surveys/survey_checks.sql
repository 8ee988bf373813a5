with survey_answers as (
    select * from {{ ref('fct_survey_answers') }}
),

waves as (
    select * from {{ ref('stg_survey_waves') }}
),

rejections as (
    select * from {{ ref('stg_survey_rejections') }}
),

item_counts as (
    select
        survey_answers.store_id,
        survey_answers.wave,
        count(distinct survey_answers.item) as items,
        count(distinct survey_answers.item)
            filter (where survey_answers.performance is not null)
        + count(distinct survey_answers.item)
            filter (where survey_answers.expectation is not null)
            as questions
    from survey_answers
    group by survey_answers.store_id, survey_answers.wave
),

-- one row per respondent
answer_counts as (
    select
        survey_answers.store_id,
        survey_answers.wave,
        survey_answers.respondent,
        count(survey_answers.performance)
        + count(survey_answers.expectation) as answers,
        -- the same number for everything, of two items and both scales at least
        count(*) > 1
        and min(survey_answers.performance) = max(survey_answers.performance)
        and min(survey_answers.expectation) = max(survey_answers.expectation)
        and min(survey_answers.performance) = min(survey_answers.expectation)
            as is_straight_liner,
        max(survey_answers.answered_at) as answered_at
    from survey_answers
    group by
        survey_answers.store_id,
        survey_answers.wave,
        survey_answers.respondent
),

respondent_counts as (
    select
        item_counts.store_id,
        item_counts.wave,
        item_counts.items,
        count(*) as respondents,
        count(*) filter (where answer_counts.answers = item_counts.questions)
            as complete,
        count(*) filter (where answer_counts.is_straight_liner)
            as straight_liners,
        sum(item_counts.questions - answer_counts.answers)::bigint
            as missing_answers,
        max(answer_counts.answered_at) as last_answered_at
    from item_counts
    inner join answer_counts
        on
            item_counts.store_id = answer_counts.store_id
            and item_counts.wave = answer_counts.wave
    group by item_counts.store_id, item_counts.wave, item_counts.items
),

rejection_counts as (
    select
        rejections.store_id,
        rejections.wave,
        count(*) as rejected,
        count(*) filter (where rejections.kind = 'out_of_scale')
            as out_of_scale,
        count(*) filter (where rejections.kind = 'duplicate') as duplicates
    from rejections
    group by rejections.store_id, rejections.wave
),

final as (
    select
        respondent_counts.store_id,
        respondent_counts.wave,
        respondent_counts.respondents,
        respondent_counts.complete,
        respondent_counts.straight_liners,
        respondent_counts.missing_answers,
        coalesce(rejection_counts.rejected, 0) as rejected,
        respondent_counts.respondents < 30 as is_small,
        coalesce(rejection_counts.out_of_scale, 0) as out_of_scale,
        coalesce(rejection_counts.duplicates, 0) as duplicates,
        respondent_counts.items,
        waves.title_id,
        waves.title_en,
        waves.state,
        waves.opened_at,
        waves.closed_at,
        respondent_counts.last_answered_at,
        {{ as_of() }} as built_at
    from respondent_counts
    left join waves
        on
            respondent_counts.store_id = waves.store_id
            and respondent_counts.wave = waves.wave
    left join rejection_counts
        on
            respondent_counts.store_id = rejection_counts.store_id
            and respondent_counts.wave = rejection_counts.wave
)

select * from final
