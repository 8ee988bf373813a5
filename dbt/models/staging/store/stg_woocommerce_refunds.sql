with source as (
    select * from {{ source('raw', 'woocommerce_refunds') }}
),

renamed as (
    select
        source.store_id,
        source.id as refund_id,
        source.order_id,
        source.created_at,
        {{ as_time('body.date_created') }} as created_local,
        {{ as_amount('body.amount') }} as amount,
        -- `full` if nothing was left to refund afterwards
        jsonb_path_query_first(
            body.meta_data, '$[*] ? (@.key == "_refund_type").value'
        ) #>> '{}' as refund_type,
        body.line_items,
        body.shipping_lines,
        body.tax_lines,
        source.deleted_at,
        source.changed_at as landed_at
    from source
    cross join lateral jsonb_to_record({{ as_object('source.body') }}) as body (
        date_created text,
        amount text,
        meta_data jsonb,
        line_items jsonb,
        shipping_lines jsonb,
        tax_lines jsonb
    )
)

select * from renamed
