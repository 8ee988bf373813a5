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

landed_pairs as (
    select distinct
        chatbot_events.phone_key,
        chatbot_events.id_key
    from chatbot_events
    where
        chatbot_events.phone_key is not null
        and chatbot_events.id_key is not null
        and chatbot_events.landed_at >= {{ changed_since() }}
),

final as (
    select
        landed_pairs.phone_key,
        landed_pairs.id_key,
        min({{ time_of_event(
            'chatbot_events.occurred_at', 'chatbot_events.landed_at'
        ) }}) as first_seen_at
    from landed_pairs
    inner join chatbot_events
        on
            landed_pairs.phone_key = chatbot_events.phone_key
            and landed_pairs.id_key = chatbot_events.id_key
    group by landed_pairs.phone_key, landed_pairs.id_key
)

select * from final
