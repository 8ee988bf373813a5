with recursive stores as (
    select * from {{ ref('stg_stores') }}
),

conversation_states as not materialized (
    select * from {{ ref('stg_conversation_states') }}
),

-- one look into the index a shop, however many conversations it has
seen_stores as (
    (
        select conversation_states.store_id
        from conversation_states
        order by conversation_states.store_id
        limit 1
    )

    union all

    select
        (
            select conversation_states.store_id
            from conversation_states
            where conversation_states.store_id > seen_stores.store_id
            order by conversation_states.store_id
            limit 1
        ) as store_id
    from seen_stores
    where seen_stores.store_id is not null
),

store_ids as (
    select '{{ var("default_store") }}' as store_id
    union
    select stores.store_id from stores
    union
    select seen_stores.store_id from seen_stores
    where seen_stores.store_id is not null
),

zones as (
    select
        store_ids.store_id,
        coalesce(
            stores.timezone, '{{ var("default_timezone") }}'
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
