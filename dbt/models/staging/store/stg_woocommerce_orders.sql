with source as (
    select * from {{ source('raw', 'woocommerce_orders') }}
),

renamed as (
    select
        source.store_id,
        source.id as order_id,
        nullif({{ as_id('body.parent_id') }}, 0) as parent_id,
        source.status,
        nullif(source.customer_id, 0) as account_id,
        source.email_key,
        source.phone_key,
        upper(body.currency) as currency,
        body.created_via,
        body.payment_method,
        source.created_at,
        source.modified_at,
        {{ as_time('body.date_paid_gmt') }} at time zone 'UTC' as paid_at,
        {{ as_time('body.date_completed_gmt') }}
        at time zone 'UTC' as completed_at,
        {{ as_time('body.date_created') }} as created_local,
        {{ as_time('body.date_paid') }} as paid_local,
        {{ as_time('body.date_completed') }} as completed_local,
        {{ as_amount('body.total') }} as total,
        {{ as_amount('body.total_tax') }} as tax,
        {{ as_amount('body.shipping_total') }} as shipping,
        {{ as_amount('body.discount_total') }} as discount,
        body.line_items,
        body.coupon_lines,
        source.deleted_at,
        source.changed_at as landed_at
    from source
    cross join lateral jsonb_to_record({{ as_object('source.body') }}) as body (
        parent_id text,
        currency text,
        created_via text,
        payment_method text,
        date_created text,
        date_paid text,
        date_paid_gmt text,
        date_completed text,
        date_completed_gmt text,
        total text,
        total_tax text,
        shipping_total text,
        discount_total text,
        line_items jsonb,
        coupon_lines jsonb
    )
)

select * from renamed
