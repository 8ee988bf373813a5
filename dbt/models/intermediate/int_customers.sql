{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ delete_changed_customers() }}",
        on_schema_change="fail",
        indexes=[
            {"columns": ["customer_key"]},
        ],
    )
}}

with customer_events as (
    select * from {{ ref('int_customer_events') }}
),

final as (
    select
        customer_events.store_id,
        customer_events.customer_key,
        max(customer_events.occurred_at) as newest_event_at
    from customer_events
    where customer_events.occurred_at <= {{ as_of() }}
    group by customer_events.store_id, customer_events.customer_key
)

select * from final
