{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key="store_id",
        on_schema_change="fail",
        indexes=[{"columns": ["store_id"], "unique": true}],
    )
}}

with conversation_kpis as (
    select * from {{ ref('int_kpis') }}
),

store_kpis as (
    select * from {{ ref('int_store_kpis') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

orders as (
    select * from {{ ref('int_store_orders') }}
),

refunds as (
    select * from {{ ref('int_store_refunds') }}
),

clicks as (
    select * from {{ ref('fct_button_clicks') }}
),

-- read from the KPIs, so that a build that fails before them changes nothing
stores as (
    select conversation_kpis.store_id from conversation_kpis
    union
    select store_kpis.store_id from store_kpis
),

newest_events as (
    select
        customers.store_id,
        max(customers.newest_event_at) as newest_event_at
    from customers
    group by customers.store_id

    union all

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
        stores.store_id,
        {{ as_of() }} as as_of,
        max(newest_events.newest_event_at) as data_as_of
    from stores
    left join newest_events on stores.store_id = newest_events.store_id
    group by stores.store_id
)

select * from final
