with source_freshness as (
    select * from {{ source('quality', 'source_freshness') }}
)

select * from source_freshness
