with source as (
    select * from {{ source('app', 'no_reply_messages') }}
),

renamed as (
    select
        source.message_id,
        source.store_id,
        source.channel,
        source.customer_key as landed_key,
        source.decided_at as landed_at
    from source
)

select * from renamed
