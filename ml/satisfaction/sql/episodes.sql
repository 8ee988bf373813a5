-- Episodes and turns come from the marts; here their texts are added. Without
-- an id: every ended episode, or only rated ones, or those that the named model
-- has not predicted as they are now.
with known_episodes as (
    select
        fct_episodes.episode_id,
        fct_episodes.customer_key,
        fct_episodes.started_at,
        fct_episodes.lowest_rating,
        fct_episodes.duration_seconds,
        fct_episodes.messages,
        row(
            fct_episodes.messages,
            fct_episodes.duration_seconds,
            fct_episodes.lowest_rating
        )::text as predicted_from
    from marts.fct_episodes as fct_episodes
    where
        case
            when %(asked)s::text is null
                then
                    fct_episodes.is_ended
                    and (
                        not %(only_rated)s
                        or fct_episodes.lowest_rating is not null
                    )
            else
                fct_episodes.episode_id = %(asked)s
                or fct_episodes.customer_key = %(asked)s
        end
),

episodes as (
    select known_episodes.*
    from known_episodes
    where not exists (
        select
        from ml.satisfaction_predictions
        where
            satisfaction_predictions.episode_id = known_episodes.episode_id
            and satisfaction_predictions.model_version = %(unpredicted_by)s
            and satisfaction_predictions.predicted_from
            = known_episodes.predicted_from
    )
),

turns as (
    select
        fct_turns.episode_id,
        fct_turns.started_at,
        lead(fct_turns.started_at, 1, 'infinity') over (
            partition by fct_turns.episode_id
            order by fct_turns.started_at
        ) as next_started_at,
        -- without a reply the customer waited until the episode's end
        coalesce(
            fct_turns.response_seconds,
            extract(epoch from fct_turns.open_until - fct_turns.started_at)
        ) as waited_seconds
    from marts.fct_turns as fct_turns
    inner join episodes on fct_turns.episode_id = episodes.episode_id
),

messages as (
    select
        fct_messages.episode_id,
        fct_messages.occurred_at,
        fct_messages.author,
        fct_messages.source,
        fct_messages.message_id,
        fct_messages.issue,
        fct_messages.author = 'bot'
        and not coalesce(fct_messages.is_answered, true) as is_fallback,
        case fct_messages.source
            when 'twilio' then (
                select twilio_messages.body
                from raw.twilio_messages as twilio_messages
                where
                    fct_messages.author = 'customer'
                    and twilio_messages.message_sid = fct_messages.message_id
            )
            else (
                select chatbot_events.text
                from raw.chatbot_events as chatbot_events
                where
                    fct_messages.author = 'customer'
                    and chatbot_events.event_id = fct_messages.message_id
            )
        end as said
    from marts.fct_messages as fct_messages
    inner join episodes on fct_messages.episode_id = episodes.episode_id
    where not fct_messages.is_failed
),

said_in_turns as (
    select
        turns.episode_id,
        turns.started_at,
        turns.waited_seconds,
        coalesce(bool_or(messages.is_fallback), false) as met_fallback,
        coalesce(
            array_agg(
                messages.said
                order by
                    messages.occurred_at, messages.message_id, messages.source
            ) filter (where messages.said is not null),
            '{}'
        ) as texts
    from turns
    inner join messages
        on
            turns.episode_id = messages.episode_id
            and turns.started_at <= messages.occurred_at
            and turns.next_started_at > messages.occurred_at
    group by turns.episode_id, turns.started_at, turns.waited_seconds
),

turns_of_episodes as (
    select
        said_in_turns.episode_id,
        avg(said_in_turns.waited_seconds) as reply_seconds,
        json_agg(
            json_build_array(said_in_turns.texts, said_in_turns.met_fallback)
            order by said_in_turns.started_at
        ) as turns
    from said_in_turns
    group by said_in_turns.episode_id
),

messages_of_episodes as (
    select
        messages.episode_id,
        count(*) filter (where messages.is_fallback) as fallbacks,
        -- the most frequent one; `other` only if there is no other
        coalesce(
            mode() within group (order by messages.issue) filter (
                where messages.issue not in ('other', 'unlabelled')
            ),
            'other'
        ) as issue
    from messages
    group by messages.episode_id
)

select
    episodes.episode_id,
    episodes.customer_key,
    episodes.started_at,
    turns_of_episodes.turns,
    episodes.lowest_rating,
    episodes.duration_seconds / 60.0 as duration_minutes,
    coalesce(turns_of_episodes.reply_seconds, 0) / 60.0 as reply_minutes,
    episodes.messages,
    coalesce(messages_of_episodes.fallbacks, 0) as fallbacks,
    coalesce(messages_of_episodes.issue, 'other') as issue,
    episodes.predicted_from
from episodes
left join turns_of_episodes
    on episodes.episode_id = turns_of_episodes.episode_id
left join messages_of_episodes
    on episodes.episode_id = messages_of_episodes.episode_id
order by episodes.episode_id
