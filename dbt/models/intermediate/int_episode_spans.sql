{{
    config(
        indexes=[{
            "columns": ["store_id", "customer_key", "started_at"],
        }],
        post_hook="analyze {{ this }}",
    )
}}

with event_positions as (
    select * from {{ ref('int_event_positions') }}
),

stores as (
    select * from {{ ref('dim_stores') }}
),

episodes as (
    select
        event_positions.store_id,
        event_positions.customer_key,
        event_positions.channel,
        event_positions.episode_position,
        min(event_positions.source || ':' || event_positions.event_id) filter (
            where event_positions.position = event_positions.episode_position
        ) as first_message,
        bool_or(
            event_positions.position = event_positions.episode_position
            and event_positions.author = 'customer'
        ) as is_customer_started,
        count(*) filter (
            where event_positions.event_type = 'message'
        ) as messages,
        count(*) filter (
            where event_positions.author = 'customer'
        ) as customer_messages,
        count(*) filter (
            where event_positions.author = 'agent'
        ) as agent_messages,
        min(event_positions.occurred_at) as started_at,
        max(event_positions.occurred_at) filter (
            where event_positions.event_type = 'message'
        ) as last_message_at,
        max(event_positions.occurred_at) filter (
            where event_positions.is_delivered
        ) as last_delivered_at,
        max(event_positions.open_until) filter (
            where event_positions.last_delivered_at is not null
        ) as waited_until,
        coalesce(max(event_positions.position) filter (
            where event_positions.is_question
        ), 0) as last_question,
        coalesce(max(event_positions.position) filter (
            where event_positions.is_reply
        ), 0) as last_reply,
        min(event_positions.occurred_at) filter (
            where event_positions.event_type = 'closed'
        ) as closed_at,
        count(*) filter (
            where event_positions.event_type = 'handover'
        ) as handovers,
        min(event_positions.rating) as lowest_rating,
        (array_agg(
            event_positions.is_answered
            order by event_positions.position desc
        ) filter (
            where event_positions.author = 'bot'
        ))[1] as is_answered_by_last_bot_message
    from event_positions
    where event_positions.is_in_episode
    group by
        event_positions.store_id,
        event_positions.customer_key,
        event_positions.channel,
        event_positions.episode_position
),

ended as (
    select
        episodes.*,
        episodes.last_question > episodes.last_reply as is_unanswered,
        -- an episode of failed messages alone stays open as long as the
        -- messages before it keep the conversation open
        coalesce(
            episodes.closed_at,
            episodes.last_delivered_at + case
                when episodes.last_question > episodes.last_reply
                    then {{ days(var('waiting_days')) }}
                else {{ hours(var('episode_gap_hours')) }}
            end,
            episodes.waited_until,
            episodes.last_message_at + {{ hours(var('episode_gap_hours')) }}
        ) as ended_at
    from episodes
),

final as (
    select
        md5(concat_ws(
            '|',
            ended.store_id,
            ended.customer_key,
            ended.channel,
            ended.first_message
        )) as episode_id,
        ended.*,
        {{ local_day('ended.started_at', 'stores.timezone') }} as day,
        ended.ended_at <= {{ as_of() }} as is_ended
    from ended
    inner join stores on ended.store_id = stores.store_id
)

select * from final
