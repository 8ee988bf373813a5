with source as (
    select * from {{ source('raw', 'twilio_failures') }}
),

renamed as (
    select
        source.message_sid as message_id,
        source.failed_at as landed_at
    from source
)

select * from renamed
