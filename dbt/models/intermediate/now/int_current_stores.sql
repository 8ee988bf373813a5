with stores as (
    select * from {{ ref('stg_stores') }}
),

seen_stores as (
    select * from {{ ref('stg_seen_stores') }}
),

store_ids as (
    select '{{ default_store() }}' as store_id
    union
    select stores.store_id from stores
    union
    select seen_stores.store_id from seen_stores
),

zones as (
    select
        store_ids.store_id,
        coalesce(
            stores.timezone, '{{ default_timezone() }}'
        ) as timezone
    from store_ids
    left join stores on store_ids.store_id = stores.store_id
),

final as (
    select
        zones.store_id,
        zones.timezone,
        date_trunc('day', now() at time zone zones.timezone)
        at time zone zones.timezone as day_starts_at
    from zones
)

select * from final
