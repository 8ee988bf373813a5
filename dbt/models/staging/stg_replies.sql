with source as (
    select * from {{ source('app', 'reply_facts') }}
),

renamed as (
    select
        source.message_sid as message_id,
        source.kind,
        source.answered as is_answered,
        source.landed_at as sent_at,
        source.landed_at
    from source
)

select * from renamed
