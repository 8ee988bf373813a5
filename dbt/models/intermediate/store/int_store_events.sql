with orders as (
    select * from {{ ref('int_store_orders') }}
),

refunds as (
    select * from {{ ref('int_store_refunds') }}
),

clicks as (
    select * from {{ ref('fct_button_clicks') }}
),

events as (
    select
        orders.store_id,
        max(
            greatest(
                orders.created_at,
                orders.paid_at,
                orders.completed_at,
                orders.modified_at
            )
        ) as newest_event_at
    from orders
    group by orders.store_id

    union all

    select
        refunds.store_id,
        max(refunds.created_at) as newest_event_at
    from refunds
    group by refunds.store_id

    union all

    select
        clicks.store_id,
        max(clicks.clicked_at) as newest_event_at
    from clicks
    group by clicks.store_id
),

final as (
    select
        events.store_id,
        max(events.newest_event_at) as newest_event_at
    from events
    group by events.store_id
)

select * from final
