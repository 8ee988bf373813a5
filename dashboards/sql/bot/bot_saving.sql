-- Of the latest month that has costs, even if it lacks this figure.
select
    max(kpi_monthly.value) as value,
    max(kpi_monthly.numerator) as numerator,
    max(kpi_monthly.denominator) as denominator,
    bool_and(kpi_monthly.is_final) as is_final
from marts.kpi_monthly
where
    kpi_monthly.store_id = %(store)s
    and kpi_monthly.metric = 'bot_saving'
    and kpi_monthly.month = (
        select max(bot_costs.month) from marts.bot_costs
        where bot_costs.store_id = %(store)s
    )
