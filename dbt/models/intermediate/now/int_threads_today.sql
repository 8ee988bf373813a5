with recursive messages_today as (
    select * from {{ ref('int_messages_today') }}
),

chatbot_events as not materialized (
    select * from {{ ref('stg_chatbot_events') }}
),

twilio_messages as not materialized (
    select * from {{ ref('stg_twilio_messages') }}
),

askers as (
    select distinct
        messages_today.store_id,
        messages_today.channel,
        messages_today.landed_key
    from messages_today
    where messages_today.author = 'customer'
),

-- The other keys of each customer: numbers and ids that came in one event. They
-- are looked up key by key, as only today's customers matter.
reached as (
    select
        askers.landed_key as origin_key,
        askers.landed_key
    from askers

    union

    select
        reached.origin_key,
        links.landed_key
    from reached
    cross join lateral (
        select distinct chatbot_events.id_key as landed_key
        from chatbot_events
        where
            chatbot_events.phone_key = reached.landed_key
            and chatbot_events.id_key is not null
            and {{ time_of_event(
                'chatbot_events.occurred_at', 'chatbot_events.landed_at'
            ) }} <= now()
        union all
        select distinct chatbot_events.phone_key as landed_key
        from chatbot_events
        where
            chatbot_events.id_key = reached.landed_key
            and chatbot_events.phone_key is not null
            and {{ time_of_event(
                'chatbot_events.occurred_at', 'chatbot_events.landed_at'
            ) }} <= now()
        union all
        select distinct twilio_messages.id_key as landed_key
        from twilio_messages
        where
            twilio_messages.landed_key = reached.landed_key
            and twilio_messages.id_key is not null
            and twilio_messages.occurred_at <= now()
        union all
        select distinct twilio_messages.landed_key
        from twilio_messages
        where
            twilio_messages.id_key = reached.landed_key
            and twilio_messages.occurred_at <= now()
    ) as links
),

people as (
    select
        reached.origin_key,
        min(reached.landed_key) as customer_key
    from reached
    group by reached.origin_key
),

final as (
    select distinct
        askers.store_id,
        askers.channel,
        reached.landed_key,
        people.customer_key
    from askers
    inner join people on askers.landed_key = people.origin_key
    inner join reached on askers.landed_key = reached.origin_key
)

select * from final
