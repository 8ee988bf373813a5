-- Whatever WooCommerce Analytics counts and Kabar does not, or the other way.
with ours as (
    select coalesce(sum(kpi_daily.value), 0) as net
    from marts.kpi_daily
    where
        kpi_daily.store_id = %(store)s
        and kpi_daily.day between %(from_day)s and %(to_day)s
        and kpi_daily.metric = 'net_sales'
        and kpi_daily.dimension = 'all'
),

differences as (
    select
        net_sales_bridge.reason,
        sum(net_sales_bridge.amount) as amount
    from marts.net_sales_bridge
    where
        net_sales_bridge.store_id = %(store)s
        and net_sales_bridge.day between %(from_day)s and %(to_day)s
    group by net_sales_bridge.reason
),

lines as (
    select
        1 as place,
        'analytics' as what,
        ours.net
        + coalesce((select sum(differences.amount) from differences), 0)
            as amount
    from ours
    union all
    select
        2 as place,
        differences.reason as what,
        -differences.amount as amount
    from differences
    union all
    select
        3 as place,
        'ours' as what,
        ours.net as amount
    from ours
)

select
    lines.what,
    lines.amount
from lines
order by lines.place, lines.what
