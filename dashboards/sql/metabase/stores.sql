select
    dim_stores.store_id,
    coalesce(dim_stores.store_name, dim_stores.store_id) as name
from marts.dim_stores
order by dim_stores.store_id
