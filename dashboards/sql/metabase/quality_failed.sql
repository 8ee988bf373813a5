select distinct
    coalesce(dim_stores.store_name, dim_stores.store_id) as store,
    kpi_monthly.quality
from marts.kpi_monthly
inner join marts.dim_stores on kpi_monthly.store_id = dim_stores.store_id
where kpi_monthly.quality = 'fail'
