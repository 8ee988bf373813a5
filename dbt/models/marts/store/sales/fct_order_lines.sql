{{
    config(
        materialized="table",
        indexes=[{"columns": ["store_id", "product_id"]}],
    )
}}

with staged_orders as (
    select * from {{ ref('stg_woocommerce_orders') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
),

lines as (
    select
        staged_orders.store_id,
        staged_orders.order_id,
        elements.position::integer as line_number,
        line.name as product_name,
        {{ as_id('line.product_id') }} as product_id,
        {{ as_id('line.variation_id') }} as variation_id,
        {{ as_amount('line.quantity') }} as quantity,
        {{ as_amount('line.subtotal') }} as subtotal,
        {{ as_amount('line.total') }} as net,
        {{ as_amount('line.total_tax') }} as tax
    from staged_orders
    cross join lateral
    {{ elements('staged_orders.line_items') }}
        with ordinality as elements (body, position)
    cross join lateral
    jsonb_to_record({{ as_object('elements.body') }}) as line (
        name text,
        product_id text,
        variation_id text,
        quantity text,
        subtotal text,
        total text,
        total_tax text
    )
),

final as (
    select
        lines.store_id,
        lines.order_id,
        lines.line_number,
        orders.day,
        orders.is_counted,
        orders.currency,
        -- 0 stands for a product that was deleted
        nullif(lines.product_id, 0) as product_id,
        nullif(lines.variation_id, 0) as variation_id,
        lines.product_name,
        coalesce(lines.quantity, 0) as quantity,
        coalesce(lines.subtotal, 0) as subtotal,
        coalesce(lines.net, 0) as net,
        coalesce(lines.tax, 0) as tax
    from lines
    inner join orders
        on
            lines.store_id = orders.store_id
            and lines.order_id = orders.order_id
)

select * from final
