-- From the orders, since a customer counts once however many days they buy on.
with buyers as (
    select
        fct_orders.customer_key,
        bool_or(fct_orders.is_new_customer) as is_new
    from marts.fct_orders
    where
        fct_orders.store_id = %(store)s
        and fct_orders.day between %(from_day)s and %(to_day)s
        and fct_orders.is_counting
    group by fct_orders.customer_key
),

final_days as (
    select bool_and(kpi_daily.is_final) as is_final
    from marts.kpi_daily
    where
        kpi_daily.store_id = %(store)s
        and kpi_daily.day between %(from_day)s and %(to_day)s
        and kpi_daily.metric = 'acquisition_rate'
        and kpi_daily.dimension = 'all'
        and kpi_daily.dimension_value = 'all'
)

select
    count(*) as numerator,
    null::numeric as denominator,
    count(*) as value,
    (select final_days.is_final from final_days) as is_final
from buyers
where buyers.is_new
