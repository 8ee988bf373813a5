with conversation_states as (
    select * from {{ ref('stg_conversation_states') }}
),

-- who wrote last is waiting for a reply; so is who was promised a person
waits as (
    select
        conversation_states.*,
        case
            when conversation_states.state = 'waiting'
                then least(
                    conversation_states.state_at,
                    conversation_states.last_question_at
                )
            when
                conversation_states.last_question_at
                > coalesce(conversation_states.last_reply_at, '-infinity')
                then conversation_states.last_question_at
        end as waits_since
    from conversation_states
    where
        conversation_states.state in ('waiting', 'agent')
        -- what no episode outlasts, so that an index is asked
        or (
            conversation_states.state = 'bot'
            and conversation_states.last_message_at
            > now() - {{ days(var('waiting_days')) }}
        )
),

final as (
    select
        waits.store_id,
        waits.channel,
        waits.landed_key,
        waits.state,
        waits.last_message_at,
        waits.last_reply_at,
        waits.waits_since
    from waits
    where
        waits.state in ('waiting', 'agent')
        or waits.last_message_at > now() - case
            when waits.waits_since is null
                then {{ hours(var('episode_gap_hours')) }}
            else {{ days(var('waiting_days')) }}
        end
)

select * from final
