{#
    The conversations that are open now, for live figures and the inbox: an
    agent has it or was called, or its episode has not ended. `waits_since` is
    null where nobody waits. Nobody does while a conversation is put off; then
    it waits until an agent looks.

    Reads relations with the columns of dbt's staging models (outside dbt,
    `landed_relations` defines them): those of `conversation_events`, and
    conversation_states and twilio_failures. The arguments are intervals, as in
    `event_positions`.
#}
{% macro open_conversations(episode_gap, waiting, rating_wait) -%}
    with candidates as (
        select conversation_states.*
        from conversation_states
        where
            conversation_states.state in ('waiting', 'agent')
            -- no episode lasts longer; the condition lets the planner use an
            -- index
            or (
                conversation_states.state = 'bot'
                and conversation_states.last_message_at
                > now() - {{ waiting }}
            )
    ),

    -- conversations in which a reply failed
    unreached as (
        select distinct
            twilio_messages.store_id,
            twilio_messages.channel,
            twilio_messages.landed_key
        from twilio_failures
        inner join twilio_messages
            on twilio_failures.message_id = twilio_messages.message_id
        where
            twilio_failures.landed_at > now() - {{ waiting }}
    ),

    -- conversations with messages that are neither questions nor replies
    -- (ratings, their requests and thanks, and messages that need no reply), or
    -- that a chatbot elsewhere has closed
    beside_the_point as (
        select
            conversation_events.store_id,
            conversation_events.channel,
            conversation_events.landed_key
        from conversation_events
        where
            (
                conversation_events.event_type in ('rating', 'survey')
                and conversation_events.landed_at
                > now() - {{ waiting }}
            )
            -- unlike other messages, it does not extend the conversation
            or (
                conversation_events.event_type = 'rating_requested'
                and conversation_events.landed_at
                > now() - {{ episode_gap }}
            )

        union

        select
            no_reply_messages.store_id,
            no_reply_messages.channel,
            no_reply_messages.landed_key
        from no_reply_messages
        where
            no_reply_messages.landed_at > now() - {{ waiting }}

        union

        select
            chatbot_events.store_id,
            chatbot_events.channel,
            chatbot_events.landed_key
        from chatbot_events
        where
            (
                not chatbot_events.needs_reply
                or chatbot_events.event_type = 'closed'
            )
            and chatbot_events.landed_at > now() - {{ waiting }}
    ),

    doubts as (
        select * from unreached
        union
        select * from beside_the_point
    ),

    -- Whether the customer waits in these depends on the messages themselves.
    -- Where the bot has the conversation, messages older than two waits do not
    -- matter, unless those after them have failed.
    doubtful as (
        select
            candidates.store_id,
            candidates.channel,
            candidates.landed_key,
            candidates.landed_key as customer_key,
            case
                when candidates.state = 'bot' and unreached.landed_key is null
                    then now() - 2 * {{ waiting }}
                else '-infinity'
            end as read_since
        from candidates
        inner join doubts
            on
                candidates.store_id = doubts.store_id
                and candidates.channel = doubts.channel
                and candidates.landed_key = doubts.landed_key
        left join unreached
            on
                candidates.store_id = unreached.store_id
                and candidates.channel = unreached.channel
                and candidates.landed_key = unreached.landed_key
    ),

    events as (
        {{ conversation_events(
            "doubtful",
            of_threads=true,
            since="doubtful.read_since",
        ) | indent }}
    ),

    event_positions as (
        {{ event_positions(
            "events",
            "now()",
            episode_gap,
            waiting,
            rating_wait,
        ) | indent }}
    ),

    turns as (
        {{ turns("event_positions") | indent }}
    ),

    latest_episodes as (
        select
            event_positions.store_id,
            event_positions.channel,
            event_positions.customer_key,
            max(event_positions.episode_position) as episode_position,
            -- if all messages have failed, as if the last one had not
            coalesce(
                max(event_positions.occurred_at) filter (
                    where event_positions.is_delivered
                ),
                max(event_positions.occurred_at) filter (
                    where event_positions.event_type = 'message'
                )
            ) as last_delivered_at,
            max(event_positions.position) filter (
                where
                event_positions.event_type = 'closed'
                and event_positions.is_in_episode
            ) as last_close
        from event_positions
        group by
            event_positions.store_id,
            event_positions.channel,
            event_positions.customer_key
    ),

    -- only the last turn of an episode can be without a reply
    read_again as (
        select
            latest_episodes.store_id,
            latest_episodes.channel,
            latest_episodes.customer_key,
            latest_episodes.last_delivered_at,
            coalesce(
                latest_episodes.last_close > latest_episodes.episode_position,
                false
            ) as is_closed,
            turns.started_at as waits_since
        from latest_episodes
        left join turns
            on
                latest_episodes.store_id = turns.store_id
                and latest_episodes.channel = turns.channel
                and latest_episodes.customer_key = turns.customer_key
                and latest_episodes.episode_position = turns.episode_position
                and turns.replied_at is null
    ),

    -- a customer who was promised an agent waits, whatever the bot replied
    waits as (
        select
            candidates.*,
            read_again.customer_key is not null as is_read,
            case
                when read_again.customer_key is null
                    then candidates.last_message_at
                else read_again.last_delivered_at
            end as last_delivered_at,
            coalesce(read_again.is_closed, false) as is_closed,
            case
                when candidates.snoozed_until > now() then null
                when candidates.state = 'waiting'
                    then least(
                        candidates.state_at,
                        candidates.last_question_at,
                        read_again.waits_since
                    )
                when read_again.is_closed then candidates.snoozed_until
                when read_again.customer_key is not null
                    then coalesce(
                        read_again.waits_since, candidates.snoozed_until
                    )
                when
                    candidates.last_question_at
                    > coalesce(candidates.last_reply_at, '-infinity')
                    then candidates.last_question_at
                else candidates.snoozed_until
            end as waits_since
        from candidates
        left join read_again
            on
                candidates.store_id = read_again.store_id
                and candidates.channel = read_again.channel
                and candidates.landed_key = read_again.customer_key
    ),

    final as (
        select
            waits.store_id,
            waits.channel,
            waits.landed_key,
            waits.state,
            waits.last_message_at,
            waits.last_reply_at,
            waits.waits_since,
            waits.is_read
        from waits
        where
            waits.state in ('waiting', 'agent')
            or (
                not waits.is_closed
                and waits.last_delivered_at > now() - case
                    when waits.waits_since is null
                        then {{ episode_gap }}
                    else {{ waiting }}
                end
            )
    )

    select * from final
{%- endmacro %}

{#
    When a customer's first question was asked that nobody has replied to: an
    aggregate over `asked`, which has `occurred_at` of the customer's messages
    since the last reply, and `previous_at` of the one before. Silence for as
    long as a question waits ends a conversation. `waiting`: an interval.
#}
{% macro first_question(asked, waiting) -%}
    coalesce(
        max({{ asked }}.occurred_at) filter (
            where
            {{ asked }}.occurred_at >= {{ asked }}.previous_at + {{ waiting }}
        ),
        min({{ asked }}.occurred_at)
    )
{%- endmacro %}
