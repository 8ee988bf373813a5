-- Waves with how many were invited, began and finished, the newest first.
-- `asked` are counted whose invitation was not dropped.
select
    waves.wave,
    waves.title_id,
    waves.title_en,
    app.survey_state(waves.state, waves.closes_at) as state,
    waves.closes_on,
    waves.opened_at,
    waves.reopened_at,
    case
        when waves.state = 'open' and waves.closes_at <= now()
            then waves.closes_at
        else waves.closed_at
    end as closed_at,
    (
        select count(*)
        from app.survey_items
        where
            survey_items.store_id = waves.store_id
            and survey_items.wave = waves.wave
    ) as items,
    (
        select count(*)
        from app.survey_invitations
        left join app.replies
            on survey_invitations.reply_id = replies.reply_id
        where
            survey_invitations.store_id = waves.store_id
            and survey_invitations.wave = waves.wave
            and coalesce(replies.state not in ('dead', 'dropped'), true)
    ) as invited,
    responses.started,
    responses.finished
from app.survey_waves as waves
cross join lateral (
    select
        count(*) as started,
        count(survey_respondents.finished_at) as finished
    from raw.survey_respondents
    where
        survey_respondents.store_id = waves.store_id
        and survey_respondents.wave = waves.wave
) as responses
where
    waves.store_id = %(store_id)s
    and (
        %(name)s::text is null
        or waves.wave = %(name)s
    )
order by waves.created_at desc, waves.wave asc
