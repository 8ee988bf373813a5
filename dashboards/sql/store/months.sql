select
    kpi_monthly.month,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'orders'
    ) as orders,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'net_sales'
    ) as net_sales,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'average_order_value'
    ) as average_order_value,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'new_customers'
    ) as new_customers,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'acquisition_rate'
    ) as acquisition_rate,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'retention_rate'
    ) as retention_rate,
    bool_and(kpi_monthly.is_final) as is_final
from marts.kpi_monthly
where
    kpi_monthly.store_id = %(store)s
    and kpi_monthly.month
    >= cast(date_trunc('month', cast(%(from_day)s as timestamp)) as date)
    and kpi_monthly.month <= %(to_day)s
    and kpi_monthly.dimension = 'all'
    and kpi_monthly.metric in (
        'orders',
        'net_sales',
        'average_order_value',
        'new_customers',
        'acquisition_rate',
        'retention_rate'
    )
group by kpi_monthly.month
order by kpi_monthly.month
