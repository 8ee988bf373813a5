-- Of a customer's orders only those of the first day are a new customer's.
with orders_of_days as (
    select
        fct_orders.day,
        case
            when fct_orders.is_new_customer then 'new' else 'returning'
        end as series,
        count(*) as orders
    from marts.fct_orders
    where
        fct_orders.store_id = %(store)s
        and fct_orders.day between %(from_day)s and %(to_day)s
        and fct_orders.is_counted
        and fct_orders.is_shop_currency
    group by fct_orders.day, fct_orders.is_new_customer
)

select
    orders_of_days.day,
    orders_of_days.series,
    orders_of_days.orders as value,
    kpi_daily.is_final
from orders_of_days
inner join marts.kpi_daily on orders_of_days.day = kpi_daily.day
where
    kpi_daily.store_id = %(store)s
    and kpi_daily.metric = 'orders'
    and kpi_daily.dimension = 'all'
order by orders_of_days.day, orders_of_days.series
