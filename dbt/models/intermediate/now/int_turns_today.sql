with messages_today as (
    select * from {{ ref('int_messages_today') }}
),

stores as (
    select * from {{ ref('int_current_stores') }}
),

twilio_messages as not materialized (
    select * from {{ ref('stg_twilio_messages') }}
),

chatbot_events as not materialized (
    select * from {{ ref('stg_chatbot_events') }}
),

askers as (
    select distinct
        messages_today.store_id,
        messages_today.channel,
        messages_today.customer_key
    from messages_today
    where messages_today.author = 'customer'
),

-- What was said last before the day: who was still waiting then waits in the
-- turn and the episode that began on an earlier day.
before_today as (
    select
        askers.store_id,
        askers.channel,
        askers.customer_key,
        max(earlier.occurred_at) filter (
            where earlier.is_question
        ) as last_question_at,
        max(earlier.occurred_at) filter (
            where not earlier.is_question
        ) as last_reply_at
    from askers
    inner join stores on askers.store_id = stores.store_id
    cross join lateral (
        select
            twilio_messages.occurred_at,
            twilio_messages.direction = 'inbound' as is_question
        from twilio_messages
        where
            twilio_messages.landed_key = askers.customer_key
            and twilio_messages.store_id = askers.store_id
            and twilio_messages.channel = askers.channel
        union all
        select
            chatbot_events.occurred_at,
            chatbot_events.author = 'customer' as is_question
        from chatbot_events
        where
            chatbot_events.landed_key = askers.customer_key
            and chatbot_events.store_id = askers.store_id
            and chatbot_events.channel = askers.channel
            and chatbot_events.event_type = 'message'
    ) as earlier
    where
        earlier.occurred_at < stores.day_starts_at
        and earlier.occurred_at
        >= stores.day_starts_at - {{ days(var('waiting_days')) }}
    group by askers.store_id, askers.channel, askers.customer_key
),

events as (
    select
        messages_today.*,
        'message' as event_type,
        false as is_failed
    from messages_today

    union all

    select
        before_today.store_id,
        before_today.channel,
        before_today.customer_key,
        'before' as source,
        said.author as event_id,
        said.author,
        said.occurred_at,
        'message' as event_type,
        false as is_failed
    from before_today
    cross join lateral (
        values
        ('customer', before_today.last_question_at),
        ('bot', before_today.last_reply_at)
    ) as said (author, occurred_at)
    where said.occurred_at is not null
),

event_positions as (
    {{ event_positions(
        "events",
        "now()",
        hours(var('episode_gap_hours')),
        days(var('waiting_days')),
        days(var('rating_days')),
    ) | indent }}
),

turns as (
    select
        event_positions.store_id,
        event_positions.channel,
        event_positions.customer_key,
        event_positions.turn_position
        = event_positions.episode_position as is_first_response,
        min(event_positions.occurred_at) as started_at,
        min(event_positions.occurred_at) filter (
            where event_positions.author != 'customer'
        ) as replied_at
    from event_positions
    where
        event_positions.is_counting
        and event_positions.turn_position > 0
    group by
        event_positions.store_id,
        event_positions.channel,
        event_positions.customer_key,
        event_positions.episode_position,
        event_positions.turn_position
),

final as (
    select turns.*
    from turns
    inner join stores on turns.store_id = stores.store_id
    where turns.started_at >= stores.day_starts_at
)

select * from final
