-- A fingerprint of what the models tagged `sales` read. Every change of a row
-- sets a later `changed_at` and rows are never removed, so the sum of all never
-- repeats.
with times as (
    select changed_at from raw.woocommerce_orders
    union all
    select changed_at from raw.woocommerce_refunds
    union all
    select changed_at from raw.woocommerce_customers
    union all
    select changed_at from raw.woocommerce_products
    union all
    select changed_at from raw.woocommerce_variations
    union all
    select changed_at from raw.woocommerce_categories
    union all
    select changed_at from raw.woocommerce_coupons
)

select
    md5(
        concat_ws(
            '|',
            %(default_store)s,
            %(default_timezone)s,
            (
                select
                    string_agg(
                        store_settings::text, '|'
                        order by store_settings.store_id
                    )
                from app.store_settings as store_settings
            ),
            (select count(*) from times),
            (select sum(extract(epoch from times.changed_at)) from times)
        )
    ) as sales_state
