-- What was given back, as a share of what was sold on the same days.
with refunds as (
    select -sum(fct_refunds.net) as net
    from marts.fct_refunds
    where
        fct_refunds.store_id = %(store)s
        and fct_refunds.day between %(from_day)s and %(to_day)s
        and fct_refunds.is_counted
        and fct_refunds.is_shop_currency
),

sales as (
    select
        sum(kpi_daily.numerator) as net,
        bool_and(kpi_daily.is_final) as is_final
    from marts.kpi_daily
    where
        kpi_daily.store_id = %(store)s
        and kpi_daily.day between %(from_day)s and %(to_day)s
        and kpi_daily.metric = 'average_order_value'
        and kpi_daily.dimension = 'all'
)

select
    coalesce(refunds.net, 0) as numerator,
    sales.net as denominator,
    100 * coalesce(refunds.net, 0) / nullif(sales.net, 0) as value,
    sales.is_final
from sales
cross join refunds
