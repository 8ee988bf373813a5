-- The first and the last day are looked for in their months alone: the days of
-- years are many.
with months as (
    select
        kpi_monthly.store_id,
        min(kpi_monthly.month) as first_month,
        max(kpi_monthly.month) as last_month,
        max(kpi_monthly.data_as_of) as data_as_of,
        max(kpi_monthly.quality) as quality,
        array_agg(distinct kpi_monthly.dimension_value)
        filter (where kpi_monthly.dimension = 'channel') as channels
    from marts.kpi_monthly
    where
        kpi_monthly.metric = 'message_volume'
        and kpi_monthly.dimension in ('all', 'channel')
    group by kpi_monthly.store_id
)

select
    months.store_id as store,
    coalesce(dim_stores.store_name, months.store_id) as name,
    (
        select min(kpi_daily.day)
        from marts.kpi_daily
        where
            kpi_daily.store_id = months.store_id
            and kpi_daily.metric = 'message_volume'
            and kpi_daily.day between
            months.first_month and months.first_month + 30
    ) as first_day,
    (
        select max(kpi_daily.day)
        from marts.kpi_daily
        where
            kpi_daily.store_id = months.store_id
            and kpi_daily.metric = 'message_volume'
            and kpi_daily.day between
            months.last_month and months.last_month + 30
    ) as last_day,
    months.data_as_of,
    months.quality,
    months.channels,
    dim_stores.timezone,
    coalesce(dim_stores.currency, 'IDR') as currency,
    array(
        select survey_checks.wave
        from marts.survey_checks
        where survey_checks.store_id = months.store_id
        order by
            coalesce(
                survey_checks.opened_at, survey_checks.last_answered_at
            ) desc,
            survey_checks.wave desc
    ) as waves
from months
inner join marts.dim_stores on months.store_id = dim_stores.store_id
order by months.store_id
