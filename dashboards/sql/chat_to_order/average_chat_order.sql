-- Each order once, after however many conversations it came.
with orders_once as (
    select distinct
        fct_chat_orders.order_id,
        fct_chat_orders.net
    from marts.fct_chat_orders
    where
        fct_chat_orders.store_id = %(store)s
        and fct_chat_orders.day between %(from_day)s and %(to_day)s
        and fct_chat_orders.is_counted
        and fct_chat_orders.is_shop_currency
        and %(channel)s in ('all', fct_chat_orders.channel)
),

final_days as (
    select bool_and(kpi_daily.is_final) as is_final
    from marts.kpi_daily
    where
        kpi_daily.store_id = %(store)s
        and kpi_daily.day between %(from_day)s and %(to_day)s
        and kpi_daily.metric = 'chat_conversion_rate'
        and kpi_daily.dimension
        = case %(channel)s when 'all' then 'all' else 'channel' end
        and kpi_daily.dimension_value = %(channel)s
)

select
    sum(orders_once.net) as numerator,
    nullif(count(*), 0) as denominator,
    avg(orders_once.net) as value,
    (select final_days.is_final from final_days) as is_final
from orders_once
