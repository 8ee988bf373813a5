with source as (
    select * from {{ source('app', 'store_settings') }}
),

renamed as (
    select
        source.store_id,
        source.name as store_name,
        source.timezone,
        source.currency,
        source.date_type,
        array_to_string(source.excluded_statuses, ',') as excluded_statuses,
        source.connected_at,
        source.prices_decimals
    from source
)

select * from renamed
