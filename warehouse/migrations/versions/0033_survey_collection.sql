-- Who was asked on WhatsApp to answer a wave, and how far they are. `asked`: for
-- their consent; `asking`: they are asked one item after another; `paused`: an
-- agent has the conversation. `respondent` names the answers, also in the
-- customer's own link. `item` and `scale`: the question that waits for an
-- answer, asked at `asked_at`.
create table app.survey_invitations (
    store_id text not null,
    wave text not null,
    customer_key text not null,
    conversation_id bigint not null references app.conversations,
    respondent text not null unique,
    state text not null default 'asked' check (
        state in ('asked', 'asking', 'paused', 'declined', 'stopped', 'finished')
    ),
    reply_id uuid references app.replies,
    item text,
    scale text check (scale in ('performance', 'expectation')),
    asked_at timestamptz not null default now(),
    invited_at timestamptz not null default now(),
    invited_by bigint references app.users,
    primary key (store_id, wave, customer_key),
    foreign key (store_id, wave) references app.survey_waves on delete cascade,
    check ((item is null) = (scale is null))
);
create index on app.survey_invitations (conversation_id);

grant select, insert on app.survey_invitations to inbox;
grant select, update on app.survey_invitations to bot;
grant select, insert, update on app.survey_waves to inbox;
grant select, insert, update, delete on app.survey_items to inbox;
grant select on app.survey_waves, app.survey_items to webhook, bot;
grant select on raw.survey_respondents, raw.survey_answers to inbox;

-- What somebody has answered so far; null before the first answer. Whoever knows
-- the respondent's random name may read it.
create function app.survey_response(
    asked_store text, asked_wave text, asked_respondent text
) returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'gender', respondents.gender,
        'age_band', respondents.age_band,
        'job', respondents.job,
        'customer_since', respondents.customer_since,
        'is_finished', respondents.finished_at is not null,
        'answers', (
            select coalesce(
                jsonb_object_agg(
                    answers.item,
                    jsonb_build_object(
                        'performance', answers.performance,
                        'expectation', answers.expectation
                    )
                ),
                '{}'
            )
            from raw.survey_answers as answers
            where
                answers.store_id = respondents.store_id
                and answers.wave = respondents.wave
                and answers.respondent = respondents.respondent
        )
    )
    from raw.survey_respondents as respondents
    where
        respondents.store_id = asked_store
        and respondents.wave = asked_wave
        and respondents.respondent = asked_respondent
        and respondents.source in ('link', 'whatsapp')
$$;

-- Saves answers of an open wave until they are finished, and says whether it
-- did. `given`: an array of item, performance and expectation; what is null or
-- left out stays as it is. `about`: gender, age_band, job and customer_since, all
-- of them or null. `by` is link or whatsapp.
create function app.answer_survey(
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
        and waves.state = 'open'
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
revoke execute on function app.survey_response, app.answer_survey from public;
grant execute on function app.survey_response, app.answer_survey
to webhook, bot;

-- The bot's messages of a survey are replies of the kind survey; the customer's
-- are named by an event. No KPI but the number of messages counts either.
alter table app.replies drop constraint replies_kind_check;
alter table app.replies add constraint replies_kind_check check (
    kind in (
        'answer', 'fallback', 'handover', 'rating_request', 'thanks', 'notice',
        'agent', 'template', 'survey'
    )
);
alter table app.conversation_events
drop constraint conversation_events_type_check;
alter table app.conversation_events
add constraint conversation_events_type_check check (
    type in (
        'handover', 'taken_over', 'given_back', 'rating_requested', 'rating',
        'closed', 'assigned', 'survey'
    )
);

create or replace view app.conversation_facts as
select
    conversation_events.event_id,
    conversations.store_id,
    conversations.channel,
    conversations.customer_key,
    conversation_events.type,
    conversation_events.rating,
    coalesce(conversation_events.message_id, replies.message_sid) as message_id,
    conversation_events.occurred_at,
    conversation_events.landed_at
from app.conversation_events
inner join app.conversations
    on conversation_events.conversation_id = conversations.conversation_id
left join app.replies on conversation_events.reply_id = replies.reply_id
where
    conversation_events.type in (
        'handover', 'rating_requested', 'rating', 'closed', 'survey'
    )
    and (
        conversation_events.reply_id is null
        or replies.message_sid is not null
    );
