select
    kpi_monthly.month,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'message_volume'
    ) as messages,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'first_response_time_median'
    ) as first_response_median,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'response_time_median'
    ) as response_time_median,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'response_time_p90'
    ) as response_time_p90,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'first_response_on_time_rate'
    ) as on_time,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'unanswered_rate'
    ) as unanswered,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'bot_success_rate'
    ) as bot_success,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'bot_durable_success_rate'
    ) as bot_durable,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'reopen_rate'
    ) as reopen,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'csat'
    ) as csat,
    bool_and(kpi_monthly.is_final) as is_final
from marts.kpi_monthly
where
    kpi_monthly.store_id = %(store)s
    and kpi_monthly.month
    >= cast(date_trunc('month', cast(%(from_day)s as timestamp)) as date)
    and kpi_monthly.month <= %(to_day)s
    and kpi_monthly.dimension
    = case %(channel)s when 'all' then 'all' else 'channel' end
    and kpi_monthly.dimension_value = %(channel)s
group by kpi_monthly.month
order by kpi_monthly.month
