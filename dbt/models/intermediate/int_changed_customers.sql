{{
    config(
        indexes=[{"columns": ["landed_key"], "unique": true}],
        post_hook="analyze {{ this }}",
    )
}}

{% set customers = as_it_was("intermediate", "int_customers") -%}
{% set episodes = as_it_was("intermediate", "int_episodes")
    if not redoes_everything() else none -%}

with recursive twilio_messages as not materialized (
    select * from {{ ref('stg_twilio_messages') }}
),

twilio_callbacks as (
    select * from {{ ref('stg_twilio_callbacks') }}
),

chatbot_events as not materialized (
    select * from {{ ref('stg_chatbot_events') }}
),

outbound_messages as (
    select * from {{ ref('stg_outbound_messages') }}
),

message_labels as not materialized (
    select * from {{ ref('stg_message_labels') }}
),

conversation_events as (
    select * from {{ ref('stg_conversation_events') }}
),

replies as not materialized (
    select * from {{ ref('stg_replies') }}
),

no_reply_messages as (
    select * from {{ ref('stg_no_reply_messages') }}
),

label_corrections as (
    select * from {{ ref('stg_label_corrections') }}
),

satisfaction_predictions as ( -- noqa: ST03
    select * from {{ ref('stg_satisfaction_predictions') }}
),

identity_pairs as (
    select * from {{ ref('int_identity_pairs') }}
),

changed_labels as (
    select
        message_labels.source,
        message_labels.message_id
    from message_labels
    where message_labels.landed_at >= {{ changed_since() }}

    union

    select
        label_corrections.source,
        label_corrections.message_id
    from label_corrections
    where label_corrections.landed_at >= {{ changed_since() }}
),

changed_messages as (
    select twilio_callbacks.message_id
    from twilio_callbacks
    where twilio_callbacks.landed_at >= {{ changed_since() }}

    union

    select outbound_messages.message_id
    from outbound_messages
    where outbound_messages.landed_at >= {{ changed_since() }}

    union

    select replies.message_id
    from replies
    where replies.landed_at >= {{ changed_since() }}

    union

    select changed_labels.message_id
    from changed_labels
    where changed_labels.source = 'twilio'
),

touched as (
    select twilio_messages.landed_key
    from twilio_messages
    where twilio_messages.landed_at >= {{ changed_since() }}

    union

    select twilio_messages.landed_key
    from changed_messages
    inner join twilio_messages
        on changed_messages.message_id = twilio_messages.message_id

    union

    select chatbot_events.landed_key
    from chatbot_events
    where chatbot_events.landed_at >= {{ changed_since() }}

    union

    select chatbot_events.landed_key
    from changed_labels
    inner join chatbot_events
        on changed_labels.message_id = chatbot_events.event_id
    where changed_labels.source = 'chatbot'

    union

    select chatbot_events.landed_key
    from replies
    inner join chatbot_events
        on replies.message_id = chatbot_events.event_id
    where replies.landed_at >= {{ changed_since() }}

    union

    select conversation_events.landed_key
    from conversation_events
    where conversation_events.landed_at >= {{ changed_since() }}

    union

    select no_reply_messages.landed_key
    from no_reply_messages
    where no_reply_messages.landed_at >= {{ changed_since() }}
    {%- if episodes %}

    union

    -- predicted anew, and differently
    select predicted_episodes.customer_key as landed_key
    from satisfaction_predictions
    inner join {{ episodes }} as predicted_episodes
        on satisfaction_predictions.episode_id = predicted_episodes.episode_id
    where
        satisfaction_predictions.landed_at >= {{ changed_since() }}
        and predicted_episodes.is_ended
        and predicted_episodes.is_predicted_satisfied
        is distinct from satisfaction_predictions.is_satisfied
    {%- endif %}
    {%- if customers %}

    union

    -- nothing landed, but time has passed
    select due_customers.customer_key as landed_key
    from {{ customers }} as due_customers
    where due_customers.due_at <= {{ as_of() }}
    {%- endif %}
),

seen_pairs as (
    select
        identity_pairs.phone_key,
        identity_pairs.id_key
    from identity_pairs
    where identity_pairs.first_seen_at <= {{ as_of() }}
),

links as (
    select
        seen_pairs.phone_key as from_key,
        seen_pairs.id_key as to_key
    from seen_pairs

    union all

    select
        seen_pairs.id_key as from_key,
        seen_pairs.phone_key as to_key
    from seen_pairs
),

-- everything that a touched key is connected with, by numbers and ids
reached (origin_key, landed_key) as (
    select
        touched.landed_key as origin_key,
        touched.landed_key
    from touched

    union

    select
        reached.origin_key,
        links.to_key as landed_key
    from reached
    inner join links on reached.landed_key = links.from_key
),

-- a person with a number is known by the smallest of their numbers' keys
persons as (
    select
        reached.origin_key,
        coalesce(
            min(seen_pairs.phone_key), reached.origin_key
        ) as customer_key
    from reached
    left join seen_pairs on reached.landed_key = seen_pairs.phone_key
    group by reached.origin_key
),

final as (
    select distinct
        reached.landed_key,
        persons.customer_key
    from reached
    inner join persons on reached.origin_key = persons.origin_key
)

select * from final
