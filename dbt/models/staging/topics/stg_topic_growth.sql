with source as (
    select * from {{ source('ml', 'topic_growth') }}
),

renamed as (
    select
        source.store_id,
        source.topic_id,
        source.last_day,
        source.kind,
        source.messages,
        source.expected
    from source
)

select * from renamed
