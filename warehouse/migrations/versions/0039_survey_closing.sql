-- A survey may have a last day on which answers are taken, `closes_on` in
-- `timezone`, and closes by itself at its end. A closed survey may be opened
-- again; `opened_at` stays when it was first opened.
alter table app.survey_waves
add column closes_on date,
add column timezone text,
add column closes_at timestamptz generated always as (
    (closes_on + 1)::timestamp at time zone timezone
) stored,
add column reopened_at timestamptz,
add check ((closes_on is null) = (timezone is null));

-- The state of a wave at a time: `survey_waves.state` is what people chose.
create function app.survey_state(
    chosen text, closes_at timestamptz, asked_at timestamptz default now()
) returns text
language sql
stable
as $$
    select
        case
            when chosen = 'open' and closes_at <= asked_at then 'closed'
            else chosen
        end
$$;
grant execute on function app.survey_state to webhook, bot, inbox, dbt;

-- As before, while the survey is open at this time.
create or replace function app.answer_survey(
    asked_store text,
    asked_wave text,
    asked_respondent text,
    by text,
    chosen_language text,
    given jsonb,
    about jsonb,
    is_finished boolean
) returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if by not in ('link', 'whatsapp') then
        raise exception 'no such way to answer';
    end if;
    perform 1
    from app.survey_waves as waves
    where
        waves.store_id = asked_store
        and waves.wave = asked_wave
        and app.survey_state(waves.state, waves.closes_at) = 'open'
    for share;
    if not found then
        return false;
    end if;

    insert into raw.survey_respondents as respondents (
        store_id, wave, respondent, source, customer_key, language
    )
    values (
        asked_store,
        asked_wave,
        asked_respondent,
        by,
        (
            select invitations.customer_key
            from app.survey_invitations as invitations
            where invitations.respondent = asked_respondent
        ),
        chosen_language
    )
    on conflict (store_id, wave, respondent) do nothing;

    update raw.survey_respondents as respondents set
        language = chosen_language,
        gender = case
            when about is null then respondents.gender else about ->> 'gender'
        end,
        age_band = case
            when about is null then respondents.age_band
            else about ->> 'age_band'
        end,
        job = case
            when about is null then respondents.job else about ->> 'job'
        end,
        customer_since = case
            when about is null then respondents.customer_since
            else about ->> 'customer_since'
        end,
        finished_at = case when is_finished then now() end,
        changed_at = now()
    where
        respondents.store_id = asked_store
        and respondents.wave = asked_wave
        and respondents.respondent = asked_respondent
        and respondents.source in ('link', 'whatsapp')
        and respondents.finished_at is null;
    if not found then
        return false;
    end if;

    insert into raw.survey_answers as answers (
        store_id, wave, respondent, item, dimension, performance, expectation
    )
    select
        asked_store,
        asked_wave,
        asked_respondent,
        items.item,
        items.dimension,
        each.performance,
        each.expectation
    from jsonb_to_recordset(given) as each (
        item text, performance smallint, expectation smallint
    )
    inner join app.survey_items as items
        on
            items.store_id = asked_store
            and items.wave = asked_wave
            and items.item = each.item
    where each.performance is not null or each.expectation is not null
    on conflict (store_id, wave, respondent, item) do update set
        performance = coalesce(excluded.performance, answers.performance),
        expectation = coalesce(excluded.expectation, answers.expectation),
        changed_at = now()
    where
        answers.performance is distinct from
        coalesce(excluded.performance, answers.performance)
        or answers.expectation is distinct from
        coalesce(excluded.expectation, answers.expectation);
    return true;
end
$$;
