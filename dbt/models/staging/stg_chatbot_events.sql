with source as (
    select * from {{ source('raw', 'chatbot_events') }}
),

renamed as (
    select
        source.event_id,
        source.type as event_type,
        source.occurred_at,
        source.store_id,
        source.channel,
        source.customer_key as landed_key,
        source.phone_key,
        source.id_key,
        source.email_key,
        source.author,
        source.answered as is_answered,
        source.needs_reply,
        source.rating,
        source.received_at as landed_at
    from source
)

select * from renamed
