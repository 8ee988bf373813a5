with source as (
    select * from {{ source('app', 'conversation_facts') }}
),

renamed as (
    select
        source.event_id::text as event_id,
        source.type as event_type,
        source.occurred_at,
        source.store_id,
        source.channel,
        source.customer_key as landed_key,
        source.rating,
        source.message_id,
        source.landed_at
    from source
    -- tests, in which an admin writes as a customer, count nowhere
    where source.channel <> 'kabar_test'
)

select * from renamed
