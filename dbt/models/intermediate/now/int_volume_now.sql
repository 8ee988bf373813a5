with stores as (
    select * from {{ ref('int_current_stores') }}
),

messages_today as (
    select * from {{ ref('int_messages_today') }}
),

volumes as (
    select
        messages_today.store_id,
        {{ dimension_of('messages_today', ['author']) }},
        count(*) as messages,
        max(messages_today.occurred_at) as newest_at
    from messages_today
    group by
        messages_today.store_id,
        grouping sets ((), (messages_today.author))
),

-- shops without a message today get a zero
final as (
    select
        stores.store_id,
        coalesce(volumes.dimension, 'all') as dimension,
        coalesce(volumes.dimension_value, 'all') as dimension_value,
        coalesce(volumes.messages, 0)::numeric as messages,
        volumes.newest_at
    from stores
    left join volumes on stores.store_id = volumes.store_id
)

select * from final
