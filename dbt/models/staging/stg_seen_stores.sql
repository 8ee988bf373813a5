with source as (
    select * from {{ source('app', 'seen_stores') }}
)

select source.store_id
from source
