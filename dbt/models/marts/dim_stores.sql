{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key="store_id",
        on_schema_change="fail",
    )
}}

with stores as (
    select * from {{ ref('stg_stores') }}
),

business_hours as (
    select * from {{ ref('stg_business_hours') }}
),

kpi_targets as (
    select * from {{ ref('stg_kpi_targets') }}
),

customer_events as (
    select * from {{ ref('int_customer_events') }}
),

store_ids as (
    select '{{ default_store() }}' as store_id
    union
    select stores.store_id from stores
    union
    select customer_events.store_id from customer_events
    where customer_events.occurred_at <= {{ as_of() }}
),

stores_with_hours as (
    select distinct business_hours.store_id
    from business_hours
),

first_response_targets as (
    select
        kpi_targets.store_id,
        kpi_targets.target
    from kpi_targets
    where kpi_targets.metric = 'first_response_on_time_rate'
),

final as (
    select
        store_ids.store_id,
        stores.store_name,
        coalesce(
            stores.timezone, '{{ default_timezone() }}'
        ) as timezone,
        stores.currency,
        stores.prices_decimals,
        stores.connected_at is not null as is_shop_connected,
        coalesce(stores.date_type, 'date_paid') as date_type,
        coalesce(
            stores.excluded_statuses, 'pending,failed,cancelled'
        ) as excluded_statuses,
        stores_with_hours.store_id is not null as has_business_hours,
        coalesce(
            first_response_targets.target,
            {{ kpi_definitions().first_response_on_time_rate.limit }}
        ) as first_response_target_seconds
    from store_ids
    left join stores on store_ids.store_id = stores.store_id
    left join stores_with_hours
        on store_ids.store_id = stores_with_hours.store_id
    left join first_response_targets
        on store_ids.store_id = first_response_targets.store_id
)

select * from final
