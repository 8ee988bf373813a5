with source as (
    select * from {{ source('raw', 'twilio_statuses') }}
),

renamed as (
    select
        source.message_sid as message_id,
        source.payload_hash,
        source.status,
        source.received_at as landed_at
    from source
)

select * from renamed
