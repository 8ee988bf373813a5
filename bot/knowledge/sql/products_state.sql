-- Another text when a product, a variation or the currency has changed.
with products as (
    select
        max(woocommerce_products.changed_at) as newest,
        count(*) as amount
    from raw.woocommerce_products
    where woocommerce_products.store_id = %(store_id)s
),

variations as (
    select
        max(woocommerce_variations.changed_at) as newest,
        count(*) as amount
    from raw.woocommerce_variations
    where woocommerce_variations.store_id = %(store_id)s
)

select
    concat_ws(
        ' ',
        products.newest,
        products.amount,
        variations.newest,
        variations.amount,
        store_settings.currency
    ) as built_of
from products
cross join variations
left join app.store_settings
    on store_settings.store_id = %(store_id)s
where products.amount > 0
