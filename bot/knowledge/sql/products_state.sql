-- Changes when a product, a variation or the currency has changed, or a sale
-- has started or ended.
with goods as (
    select
        woocommerce_products.changed_at,
        woocommerce_products.body
    from raw.woocommerce_products
    where woocommerce_products.store_id = %(store_id)s
    union all
    select
        woocommerce_variations.changed_at,
        woocommerce_variations.body
    from raw.woocommerce_variations
    where woocommerce_variations.store_id = %(store_id)s
),

sales as (
    select max(bounds.at) as at
    from goods
    cross join lateral (
        values
        (goods.body ->> 'date_on_sale_from_gmt'),
        (goods.body ->> 'date_on_sale_to_gmt')
    ) as bounds (at)
    -- As text, since a shop's dates may be invalid.
    where bounds.at <= to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
),

state as (
    select
        max(goods.changed_at) as newest,
        count(*) as amount
    from goods
)

select
    concat_ws(
        ' ', state.newest, state.amount, sales.at, store_settings.currency
    ) as built_of
from state
cross join sales
left join app.store_settings
    on store_settings.store_id = %(store_id)s
where state.amount > 0
