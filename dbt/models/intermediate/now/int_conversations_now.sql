with stores as (
    select * from {{ ref('int_current_stores') }}
),

open_conversations as (
    select * from {{ ref('int_open_conversations') }}
),

final as (
    select
        stores.store_id,
        count(open_conversations.store_id)::numeric as open,
        count(open_conversations.waits_since)::numeric as waiting,
        max(open_conversations.last_message_at) as newest_at
    from stores
    left join open_conversations
        on stores.store_id = open_conversations.store_id
    group by stores.store_id
)

select * from final
