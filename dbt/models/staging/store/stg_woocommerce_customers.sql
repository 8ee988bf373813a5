with source as (
    select * from {{ source('raw', 'woocommerce_customers') }}
),

renamed as (
    select
        source.store_id,
        source.id as account_id,
        source.role,
        source.email_key,
        source.phone_key,
        {{ as_time("source.body ->> 'date_created_gmt'") }}
        at time zone 'UTC' as registered_at,
        source.deleted_at,
        source.changed_at as landed_at
    from source
)

select * from renamed
