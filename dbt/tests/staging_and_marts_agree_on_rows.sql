-- noqa: disable=ST03
-- Everything that landed up to as_of is in the facts, once.
with changed_customers as (
    select * from {{ ref('int_changed_customers') }}
),

twilio_messages as (
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

landed as (
    select
        'message' as event_type,
        twilio_messages.landed_key,
        {{ time_of_message('twilio_messages.occurred_at', 'replies.sent_at') }}
            as occurred_at
    from twilio_messages
    left join replies
        on twilio_messages.message_id = replies.message_id

    union all

    select
        chatbot_events.event_type,
        chatbot_events.landed_key,
        {{ time_of_event(
            'chatbot_events.occurred_at', 'chatbot_events.landed_at'
        ) }} as occurred_at
    from chatbot_events

    union all

    select
        conversation_events.event_type,
        conversation_events.landed_key,
        conversation_events.occurred_at
    from conversation_events
),

facts as (
    select
        'message' as event_type,
        fct_messages.customer_key
    from {{ ref('fct_messages') }} as fct_messages

    union all

    select
        'rating' as event_type,
        fct_ratings.customer_key
    from {{ ref('fct_ratings') }} as fct_ratings

    union all

    select
        'rating_requested' as event_type,
        fct_rating_requests.customer_key
    from {{ ref('fct_rating_requests') }} as fct_rating_requests
),

landed_summary as (
    select
        landed.event_type,
        count(*) as events
    from landed
    {%- if not var('test_all') %}
    inner join changed_customers
        on landed.landed_key = changed_customers.landed_key
    {%- endif %}
    where
        landed.occurred_at <= (
            select max(store_freshness.as_of)
            from {{ ref('int_store_freshness') }} as store_freshness
        )
        and landed.event_type in ('message', 'rating', 'rating_requested')
    group by landed.event_type
),

facts_summary as (
    select
        facts.event_type,
        count(*) as events
    from facts
    {%- if not var('test_all') %}
    inner join changed_customers
        on facts.customer_key = changed_customers.landed_key
    {%- endif %}
    group by facts.event_type
)

select
    coalesce(
        landed_summary.event_type, facts_summary.event_type
    ) as event_type,
    landed_summary.events as landed_events,
    facts_summary.events as fact_events
from landed_summary
full outer join facts_summary
    on landed_summary.event_type = facts_summary.event_type
where landed_summary.events is distinct from facts_summary.events
