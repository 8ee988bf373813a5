-- Whether answers, people, set-aside lines or waves changed since the figures
-- were built. A row's time is the start of its transaction, so that rows of some
-- minutes before the build count, too.
with built as (
    select coalesce(min(survey_checks.built_at), '-infinity') as built_at
    from marts.survey_checks as survey_checks
),

changes as (
    select max(answers.changed_at) as changed_at
    from raw.survey_answers as answers
    union all
    select max(respondents.changed_at) as changed_at
    from raw.survey_respondents as respondents
    union all
    select max(rejections.rejected_at) as changed_at
    from raw.survey_rejections as rejections
    union all
    select
        greatest(
            max(waves.opened_at),
            max(waves.reopened_at),
            max(waves.closed_at),
            max(waves.closes_at)
                filter (where waves.state = 'open' and waves.closes_at <= now())
        ) as changed_at
    from app.survey_waves as waves
)

select
    exists (select 1 from raw.survey_answers)
    and exists (
        select 1
        from changes
        cross join built
        where changes.changed_at > built.built_at - interval '15 minutes'
    )
