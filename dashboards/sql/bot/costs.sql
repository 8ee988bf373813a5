select
    bot_costs.month,
    bot_costs.bot_conversations,
    bot_costs.agent_conversations,
    bot_costs.minutes_saved,
    bot_costs.cost_before,
    bot_costs.cost_now,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'bot_saving'
    ) as bot_saving,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'bot_saving_rate'
    ) as bot_saving_rate,
    max(kpi_monthly.value) filter (
        where kpi_monthly.metric = 'payback_months'
    ) as payback_months,
    bool_and(kpi_monthly.is_final) as is_final
from marts.bot_costs
inner join marts.kpi_monthly
    on
        bot_costs.store_id = kpi_monthly.store_id
        and bot_costs.month = kpi_monthly.month
where
    bot_costs.store_id = %(store)s
    and bot_costs.month
    >= cast(date_trunc('month', cast(%(from_day)s as timestamp)) as date)
    and bot_costs.month <= %(to_day)s
    and kpi_monthly.metric in ('bot_saving', 'bot_saving_rate', 'payback_months')
group by
    bot_costs.month,
    bot_costs.bot_conversations,
    bot_costs.agent_conversations,
    bot_costs.minutes_saved,
    bot_costs.cost_before,
    bot_costs.cost_now
order by bot_costs.month
