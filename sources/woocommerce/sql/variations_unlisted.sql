-- Variations that their product no longer names, or whose product is gone.
select
    variations.id,
    variations.product_id
from raw.woocommerce_variations as variations
inner join raw.woocommerce_products as products
    on
        variations.store_id = products.store_id
        and variations.product_id = products.id
where
    variations.store_id = %(store_id)s
    and variations.deleted_at is null
    and variations.asked_at < products.changed_at
order by variations.id
