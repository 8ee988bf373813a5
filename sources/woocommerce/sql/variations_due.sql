-- Products whose variations have not been fetched since the product changed,
-- since a time, or since orders took some of them: an order changes a
-- variation's stock, but not always its product's date.
with newest_variations as (
    select
        variations.product_id,
        max(variations.asked_at) as asked_at,
        min(variations.asked_at) filter (
            where variations.deleted_at is null
        ) as all_asked_at
    from raw.woocommerce_variations as variations
    where variations.store_id = %(store_id)s
    group by variations.product_id
),

changed_orders as (
    select orders.body
    from raw.woocommerce_orders as orders
    where
        orders.store_id = %(store_id)s
        and orders.changed_at >= %(sold_since)s::timestamptz
),

lines as (
    select
        line_items.line ->> 'product_id' as product_id,
        line_items.line ->> 'variation_id' as variation_id
    from changed_orders as orders
    cross join lateral jsonb_array_elements(
        case jsonb_typeof(orders.body -> 'line_items')
            when 'array' then orders.body -> 'line_items'
            else '[]'
        end
    ) as line_items (line)
),

sold as (
    select distinct lines.product_id
    from lines
    where coalesce(lines.variation_id, '0') <> '0'
)

select products.id
from raw.woocommerce_products as products
left join newest_variations on products.id = newest_variations.product_id
left join sold on products.id::text = sold.product_id
where
    products.store_id = %(store_id)s
    and products.deleted_at is null
    and (%(full)s or coalesce(products.body ->> 'status', '') <> 'trash')
    and (
        newest_variations.product_id is not null
        or (
            jsonb_typeof(products.body -> 'variations') = 'array'
            and products.body -> 'variations' <> '[]'
        )
    )
    and (
        sold.product_id is not null
        or %(full)s
        or newest_variations.asked_at is null
        or newest_variations.asked_at < products.changed_at
        or newest_variations.all_asked_at < %(since)s::timestamptz
    )
order by products.id
