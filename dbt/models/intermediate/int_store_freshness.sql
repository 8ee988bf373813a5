{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key="store_id",
        on_schema_change="fail",
        indexes=[{"columns": ["store_id"], "unique": true}],
    )
}}
-- What this build saw is said only once the KPIs say it too.
-- depends_on: {{ ref('int_kpis') }}
-- depends_on: {{ ref('int_store_kpis') }}

with stores as (
    select * from {{ ref('dim_stores') }}
),

customers as (
    select * from {{ ref('int_customers') }}
),

store_events as (
    select * from {{ ref('int_store_events') }}
),

final as (
    select
        stores.store_id,
        {{ as_of() }} as as_of,
        greatest(
            (
                select max(customers.newest_event_at)
                from customers
                where customers.store_id = stores.store_id
            ),
            store_events.newest_event_at
        ) as data_as_of
    from stores
    left join store_events on stores.store_id = store_events.store_id
)

select * from final
