select
    coalesce(dim_stores.store_name, dim_stores.store_id) as store,
    to_char(
        max(kpi_monthly.data_as_of) at time zone dim_stores.timezone,
        'YYYY-MM-DD HH24:MI'
    ) as data_as_of,
    max(kpi_monthly.quality) as quality
from marts.kpi_monthly
inner join marts.dim_stores on kpi_monthly.store_id = dim_stores.store_id
where
    kpi_monthly.store_id = %(store)s
    and kpi_monthly.metric = 'message_volume'
    and kpi_monthly.dimension = 'all'
group by dim_stores.store_id, dim_stores.store_name, dim_stores.timezone
