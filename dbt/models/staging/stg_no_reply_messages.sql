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
    -- tests, in which an admin writes as a customer, count nowhere
    where source.channel <> 'kabar_test'
)

select * from renamed
