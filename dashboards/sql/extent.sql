-- First and last day are looked up from the ends of the index, however many days
-- lie between.
select
    dim_stores.store_id as store,
    coalesce(dim_stores.store_name, dim_stores.store_id) as name,
    earliest.day as first_day,
    latest.day as last_day,
    latest.data_as_of,
    latest.quality,
    (
        select array_agg(distinct kpi_monthly.dimension_value)
        from marts.kpi_monthly
        where
            kpi_monthly.store_id = dim_stores.store_id
            and kpi_monthly.metric = 'message_volume'
            and kpi_monthly.dimension = 'channel'
    ) as channels,
    dim_stores.timezone
from marts.dim_stores
inner join lateral (
    select kpi_daily.day
    from marts.kpi_daily
    where
        kpi_daily.store_id = dim_stores.store_id
        and kpi_daily.metric = 'message_volume'
        and kpi_daily.dimension = 'all'
    order by kpi_daily.day
    limit 1
) as earliest on true
inner join lateral (
    select
        kpi_daily.day,
        kpi_daily.data_as_of,
        kpi_daily.quality
    from marts.kpi_daily
    where
        kpi_daily.store_id = dim_stores.store_id
        and kpi_daily.metric = 'message_volume'
        and kpi_daily.dimension = 'all'
    order by kpi_daily.day desc
    limit 1
) as latest on true
order by dim_stores.store_id
