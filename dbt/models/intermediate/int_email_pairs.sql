{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["email_key", "landed_key"],
        on_schema_change="fail",
        indexes=[{"columns": ["email_key", "landed_key"], "unique": true}],
    )
}}

with chatbot_events as not materialized (
    select * from {{ ref('stg_chatbot_events') }}
),

landed_pairs as (
    select distinct
        chatbot_events.email_key,
        chatbot_events.landed_key
    from chatbot_events
    where
        chatbot_events.email_key is not null
        and chatbot_events.landed_at >= {{ changed_since() }}
),

final as (
    select
        landed_pairs.email_key,
        landed_pairs.landed_key,
        min({{ time_of_event(
            'chatbot_events.occurred_at', 'chatbot_events.landed_at'
        ) }}) as first_seen_at
    from landed_pairs
    inner join chatbot_events
        on
            landed_pairs.landed_key = chatbot_events.landed_key
            and landed_pairs.email_key = chatbot_events.email_key
    group by landed_pairs.email_key, landed_pairs.landed_key
)

select * from final
