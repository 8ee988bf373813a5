with source as (
    select * from {{ source('ml', 'topic_messages') }}
),

renamed as (
    select
        source.store_id,
        source.kind,
        source.source,
        source.id as message_id,
        source.topic_id,
        source.example_position,
        source.example
    from source
)

select * from renamed
