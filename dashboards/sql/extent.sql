with messages as (
    select
        kpi_daily.store_id,
        min(kpi_daily.day) as first_day,
        max(kpi_daily.day) as last_day,
        max(kpi_daily.data_as_of) as data_as_of,
        max(kpi_daily.quality) as quality,
        array_agg(distinct kpi_daily.dimension_value)
        filter (where kpi_daily.dimension = 'channel') as channels
    from marts.kpi_daily
    where
        kpi_daily.metric = 'message_volume'
        and kpi_daily.dimension in ('all', 'channel')
    group by kpi_daily.store_id
)

select
    messages.store_id as store,
    coalesce(dim_stores.store_name, messages.store_id) as name,
    messages.first_day,
    messages.last_day,
    messages.data_as_of,
    messages.quality,
    messages.channels,
    dim_stores.timezone
from messages
inner join marts.dim_stores on messages.store_id = dim_stores.store_id
order by messages.store_id
