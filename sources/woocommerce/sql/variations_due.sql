-- Products with variations that were not asked for since the product changed, or
-- since a time.
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
)

select products.id
from raw.woocommerce_products as products
left join newest_variations on products.id = newest_variations.product_id
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
        %(full)s
        or newest_variations.asked_at is null
        or newest_variations.asked_at < products.changed_at
        or newest_variations.all_asked_at < %(since)s::timestamptz
    )
order by products.id
