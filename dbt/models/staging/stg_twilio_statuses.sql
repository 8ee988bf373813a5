with source as (
    select * from {{ source('raw', 'twilio_current_statuses') }}
),

renamed as (
    select
        source.message_sid as message_id,
        source.status,
        source.failed as is_failed
    from source
)

select * from renamed
