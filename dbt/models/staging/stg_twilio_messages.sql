with source as (
    select * from {{ source('raw', 'twilio_messages') }}
),

renamed as (
    select
        source.message_sid as message_id,
        source.store_id,
        source.channel,
        source.direction,
        source.customer_key as landed_key,
        source.id_key,
        -- the code that a shop's WhatsApp button adds to the proposed text
        substring(source.body from '\(ref ([a-z2-7]{8})\)') as click_code,
        -- The webhook has no time of sending. Until Twilio's own record gives
        -- it, the time of landing is used.
        coalesce(source.sent_at, source.received_at) as occurred_at,
        source.changed_at as landed_at
    from source
)

select * from renamed
