select
    chosen_days.from_day as period,
    {value} as value
from chosen_days
cross join (
{figures}
) as figures
union all
select
    chosen_days.from_day_before as period,
    {value} as value
from chosen_days
cross join (
{before}
) as figures
where exists (
    select 1
    from marts.kpi_daily
    where
        kpi_daily.store_id = {{{{store}}}}
        and kpi_daily.metric = 'message_volume'
        and kpi_daily.day <= chosen_days.from_day_before
)
order by period
