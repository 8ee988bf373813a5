-- What each product brought, in the shop's currency.
select
    fct_order_lines.product_name as part,
    sum(fct_order_lines.net) as numerator,
    null::numeric as denominator,
    sum(fct_order_lines.net) as value
from marts.fct_order_lines
inner join marts.dim_stores
    on
        fct_order_lines.store_id = dim_stores.store_id
        and fct_order_lines.currency = dim_stores.currency
where
    fct_order_lines.store_id = %(store)s
    and fct_order_lines.day between %(from_day)s and %(to_day)s
    and fct_order_lines.is_counted
    and fct_order_lines.product_name <> ''
group by fct_order_lines.product_name
