{#
    Defines episodes and turns, for dbt and for the bot: the position of each
    event within its customer and channel, the episode and the turn that it
    belongs to (by the position of their first message), and until when the
    conversation stayed open before it.

    `events`: a relation with the columns of `conversation_events`; other
    columns are kept. `as_of`: a time; later events are ignored. `episode_gap`,
    `waiting` and `rating_wait`: intervals. All are SQL. Events of the type
    rating_message belong to no episode. A message that needs no reply belongs
    to its episode but to no turn.
#}
{% macro event_positions(events, as_of, episode_gap, waiting, rating_wait) -%}
    with seen_events as (
        select
            events.*,
            -- a failed message counts as one, but is neither question nor reply
            events.event_type = 'message'
            and not events.is_failed as is_delivered,
            events.event_type = 'message'
            and events.author = 'customer'
            and coalesce(events.needs_reply, true) as is_question,
            events.event_type = 'message'
            and not events.is_failed
            and events.author != 'customer' as is_reply,
            case
                when events.author = 'customer' then 1
                when events.author = 'bot' then 2
                when events.author = 'agent' then 3
                when events.event_type = 'handover' then 4
                when events.event_type = 'rating_requested' then 5
                when events.event_type = 'rating' then 6
                when events.event_type = 'closed' then 7
            end as rank_of_equals
        from {{ events }} as events
        where events.occurred_at <= {{ as_of }}
    ),

    numbered as (
        select
            seen_events.*,
            row_number() over (
                partition by
                    seen_events.store_id,
                    seen_events.customer_key,
                    seen_events.channel
                order by
                    seen_events.occurred_at,
                    seen_events.rank_of_equals,
                    seen_events.event_id collate "C", -- noqa: RF03
                    seen_events.source
            ) as position
        from seen_events
    ),

    -- positions of the latest events before each event; 0 without any
    looked_back as (
        select
            numbered.*,
            coalesce(max(numbered.position) filter (
                where numbered.event_type = 'message'
            ) over before, 0) as last_message,
            coalesce(max(numbered.position) filter (
                where numbered.event_type = 'closed'
            ) over before, 0) as last_close,
            coalesce(max(numbered.position) filter (
                where numbered.is_question
            ) over before, 0) as last_question,
            coalesce(max(numbered.position) filter (
                where numbered.is_reply
            ) over before, 0) as last_reply,
            max(numbered.occurred_at) filter (
                where numbered.event_type = 'message'
            ) over before as last_message_at,
            max(numbered.occurred_at) filter (
                where numbered.is_delivered
            ) over before as last_delivered_at
        from numbered
        window before as (
            partition by
                numbered.store_id, numbered.customer_key, numbered.channel
            order by numbered.position
            rows between unbounded preceding and 1 preceding
        )
    ),

    -- an episode begins here even if a question is waiting
    surely_cut as (
        select
            looked_back.*,
            looked_back.event_type = 'message'
            and (
                looked_back.last_message = 0
                or looked_back.last_close > looked_back.last_message
                or coalesce(
                    looked_back.occurred_at
                    >= looked_back.last_delivered_at + {{ waiting }},
                    false
                )
            ) as is_surely_cut
        from looked_back
    ),

    cut_until_here as (
        select
            surely_cut.*,
            max(surely_cut.position) filter (
                where surely_cut.is_surely_cut
            ) over until_here as last_sure_cut
        from surely_cut
        window until_here as (
            partition by
                surely_cut.store_id,
                surely_cut.customer_key,
                surely_cut.channel
            order by surely_cut.position
        )
    ),

    -- a question keeps waiting after messages that need no reply, unless an
    -- episode begins in between
    waited_for as (
        select
            cut_until_here.*,
            cut_until_here.last_question > cut_until_here.last_reply
            and cut_until_here.last_question
            >= coalesce(max(cut_until_here.last_sure_cut) filter (
                where cut_until_here.is_delivered
            ) over before, 0) as is_waited_for
        from cut_until_here
        window before as (
            partition by
                cut_until_here.store_id,
                cut_until_here.customer_key,
                cut_until_here.channel
            order by cut_until_here.position
            rows between unbounded preceding and 1 preceding
        )
    ),

    -- until when the conversation stays open without further messages; if all
    -- messages so far have failed, as if the last one had not
    waiting as (
        select
            waited_for.*,
            coalesce(
                waited_for.last_delivered_at + case
                    when waited_for.is_waited_for then {{ waiting }}
                    else {{ episode_gap }}
                end,
                waited_for.last_message_at + {{ episode_gap }}
            ) as open_until
        from waited_for
    ),

    cut as (
        select
            waiting.*,
            waiting.is_surely_cut
            or coalesce(
                waiting.event_type = 'message'
                and waiting.occurred_at >= waiting.open_until,
                false
            ) as is_cut
        from waiting
    ),

    -- an episode is identified by the position of its first message; other
    -- events belong to the latest episode before them; 0 before the first
    in_episodes as (
        select
            cut.*,
            coalesce(max(cut.position) filter (where cut.is_cut) over (
                partition by cut.store_id, cut.customer_key, cut.channel
                order by cut.position
            ), 0) as episode_position
        from cut
    ),

    turn_starts as (
        select
            in_episodes.*,
            in_episodes.is_question
            and (
                in_episodes.last_question < in_episodes.episode_position
                or in_episodes.last_reply > in_episodes.last_question
            ) as is_turn_start
        from in_episodes
    )

    select
        turn_starts.*,
        coalesce(max(turn_starts.position) filter (
            where turn_starts.is_turn_start
        ) over (
            partition by
                turn_starts.store_id,
                turn_starts.customer_key,
                turn_starts.channel,
                turn_starts.episode_position
            order by turn_starts.position
        ), 0) as turn_position,
        -- the first turn of an episode that the customer started
        turn_starts.is_turn_start
        and turn_starts.position = min(turn_starts.position) filter (
            where turn_starts.is_turn_start
        ) over episode
        and bool_or(
            turn_starts.position = turn_starts.episode_position
            and turn_starts.author = 'customer'
        ) over episode as is_first_response,
        turn_starts.episode_position > 0
        and case turn_starts.event_type
            when 'message' then true
            when 'rating_message' then false
            when 'closed' then turn_starts.last_close < turn_starts.last_message
            when 'handover' then
                coalesce(
                    turn_starts.position < min(turn_starts.position) filter (
                        where turn_starts.event_type = 'closed'
                    ) over episode,
                    turn_starts.occurred_at < turn_starts.open_until
                )
            else
                turn_starts.occurred_at
                <= turn_starts.last_message_at + {{ rating_wait }}
        end as is_in_episode
    from turn_starts
    window episode as (
        partition by
            turn_starts.store_id,
            turn_starts.customer_key,
            turn_starts.channel,
            turn_starts.episode_position
    )
{%- endmacro %}
