select
    coalesce(dim_stores.store_name, freshness.store_id) as store,
    freshness.name,
    to_char(
        freshness.newest_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'
    ) as newest_at,
    freshness.age_seconds as age,
    freshness.late_seconds as may_be
from marts.freshness
left join marts.dim_stores on freshness.store_id = dim_stores.store_id
where freshness.status = 'stale'
