with source as (
    select * from {{ source('app', 'outbound_messages') }}
),

renamed as (
    select
        source.message_sid as message_id,
        source.author,
        source.changed_at as landed_at
    from source
)

select * from renamed
