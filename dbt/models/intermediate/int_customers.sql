{{
    config(
        materialized="incremental",
        incremental_strategy="replace_customers",
        on_schema_change="fail",
        indexes=[
            {"columns": ["customer_key"]},
            {"columns": ["store_id", "newest_event_at"]},
            {"columns": ["due_at"]},
        ],
    )
}}
-- depends_on: {{ ref('int_changed_customers') }}

with customer_events as (
    select * from {{ ref('int_customer_events') }}
),

episode_spans as (
    select * from {{ ref('int_episode_spans') }}
),

events_summary as (
    select
        customer_events.store_id,
        customer_events.customer_key,
        max(customer_events.occurred_at) filter (
            where customer_events.occurred_at <= {{ as_of() }}
        ) as newest_event_at,
        min(customer_events.occurred_at) filter (
            where customer_events.occurred_at > {{ as_of() }}
        ) as next_event_at
    from customer_events
    group by customer_events.store_id, customer_events.customer_key
),

episodes_summary as (
    select
        episode_spans.store_id,
        episode_spans.customer_key,
        min(
            case
                when not episode_spans.is_ended then episode_spans.ended_at
                else episode_spans.ended_at + {{ days(var('again_days')) }}
            end
        ) as next_at
    from episode_spans
    where
        episode_spans.ended_at + {{ days(var('again_days')) }} > {{ as_of() }}
    group by episode_spans.store_id, episode_spans.customer_key
),

final as (
    select
        events_summary.store_id,
        events_summary.customer_key,
        events_summary.newest_event_at,
        -- when the passing of time alone changes something of this customer's
        least(
            events_summary.next_event_at, episodes_summary.next_at
        ) as due_at
    from events_summary
    left join episodes_summary
        on
            events_summary.store_id = episodes_summary.store_id
            and events_summary.customer_key = episodes_summary.customer_key
)

select * from final
