{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["phone_key", "id_key"],
        on_schema_change="fail",
        indexes=[
            {"columns": ["phone_key", "id_key"], "unique": true},
            {"columns": ["id_key"]},
        ],
    )
}}

with chatbot_events as not materialized (
    select * from {{ ref('stg_chatbot_events') }}
),

twilio_messages as not materialized (
    select * from {{ ref('stg_twilio_messages') }}
),

landed_pairs as (
    select
        chatbot_events.phone_key,
        chatbot_events.id_key
    from chatbot_events
    where
        chatbot_events.phone_key is not null
        and chatbot_events.id_key is not null
        and chatbot_events.landed_at >= {{ changed_since() }}

    union

    select
        twilio_messages.landed_key as phone_key,
        twilio_messages.id_key
    from twilio_messages
    where
        twilio_messages.id_key is not null
        and twilio_messages.landed_at >= {{ changed_since() }}
),

sightings as (
    select
        landed_pairs.phone_key,
        landed_pairs.id_key,
        {{ time_of_event(
            'chatbot_events.occurred_at', 'chatbot_events.landed_at'
        ) }} as seen_at
    from landed_pairs
    inner join chatbot_events
        on
            landed_pairs.phone_key = chatbot_events.phone_key
            and landed_pairs.id_key = chatbot_events.id_key

    union all

    select
        landed_pairs.phone_key,
        landed_pairs.id_key,
        twilio_messages.occurred_at as seen_at
    from landed_pairs
    inner join twilio_messages
        on
            landed_pairs.phone_key = twilio_messages.landed_key
            and landed_pairs.id_key = twilio_messages.id_key
),

final as (
    select
        sightings.phone_key,
        sightings.id_key,
        min(sightings.seen_at) as first_seen_at
    from sightings
    group by sightings.phone_key, sightings.id_key
)

select * from final
