select
    kpi_monthly.month,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'chat_conversion_rate'
    ) as conversion,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'chat_revenue'
    ) as revenue,
    bool_and(kpi_monthly.is_final) as is_final
from marts.kpi_monthly
where
    kpi_monthly.store_id = %(store)s
    and kpi_monthly.month
    >= cast(date_trunc('month', cast(%(from_day)s as timestamp)) as date)
    and kpi_monthly.month <= %(to_day)s
    and kpi_monthly.metric in ('chat_conversion_rate', 'chat_revenue')
    and kpi_monthly.dimension
    = case %(channel)s when 'all' then 'all' else 'channel' end
    and kpi_monthly.dimension_value = %(channel)s
group by kpi_monthly.month
order by kpi_monthly.month
