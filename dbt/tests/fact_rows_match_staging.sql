-- The facts hold what had landed when the last build began and had happened by
-- its as_of, and nothing else.
with twilio_messages as (
    select * from {{ ref('stg_twilio_messages') }}
),

replies as (
    select * from {{ ref('stg_replies') }}
),

chatbot_events as (
    select * from {{ ref('stg_chatbot_events') }}
),

conversation_events as (
    select * from {{ ref('stg_conversation_events') }}
),

last_build as (
    select
        builds.started_at,
        builds.as_of
    from {{ source('intermediate', 'builds') }} as builds
    order by builds.started_at desc
    limit 1
),

-- a message id is unique within its source
landed as (
    select
        'message' as event_type,
        'twilio' as source,
        twilio_messages.message_id as event_id,
        {{ time_of_message('twilio_messages.occurred_at', 'replies.sent_at') }}
            as occurred_at,
        twilio_messages.landed_at
    from twilio_messages
    left join replies
        on twilio_messages.message_id = replies.message_id

    union all

    select
        chatbot_events.event_type,
        case
            when chatbot_events.event_type = 'message' then 'chatbot' else ''
        end as source,
        chatbot_events.event_id,
        {{ time_of_event(
            'chatbot_events.occurred_at', 'chatbot_events.landed_at'
        ) }} as occurred_at,
        chatbot_events.landed_at
    from chatbot_events
    where
        chatbot_events.event_type in ('message', 'rating', 'rating_requested')

    union all

    select
        conversation_events.event_type,
        '' as source,
        conversation_events.event_id,
        conversation_events.occurred_at,
        conversation_events.landed_at
    from conversation_events
    where conversation_events.event_type in ('rating', 'rating_requested')
),

facts as (
    select
        'message' as event_type,
        fct_messages.source,
        fct_messages.message_id as event_id
    from {{ ref('fct_messages') }} as fct_messages

    union all

    select
        'rating' as event_type,
        '' as source,
        fct_ratings.rating_id as event_id
    from {{ ref('fct_ratings') }} as fct_ratings

    union all

    select
        'rating_requested' as event_type,
        '' as source,
        fct_rating_requests.request_id as event_id
    from {{ ref('fct_rating_requests') }} as fct_rating_requests
)

select
    coalesce(landed.event_type, facts.event_type) as event_type,
    coalesce(landed.event_id, facts.event_id) as event_id
from landed
full outer join facts
    on
        landed.event_type = facts.event_type
        and landed.source = facts.source
        and landed.event_id = facts.event_id
cross join last_build
where
    landed.event_id is null
    or (facts.event_id is not null and landed.occurred_at > last_build.as_of)
    or (
        facts.event_id is null
        and landed.occurred_at <= last_build.as_of
        and landed.landed_at < last_build.started_at
    )
