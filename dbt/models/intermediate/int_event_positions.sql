{{ config(post_hook="analyze {{ this }}") }}

with customer_events as (
    select * from {{ ref('int_customer_events') }}
),

final as (
    {{ event_positions(
        "customer_events",
        as_of(),
        hours(var('episode_gap_hours')),
        days(var('waiting_days')),
        days(var('rating_days')),
    ) | indent }}
)

select * from final
