-- The shops that there are, and the deployment's own.
select
    stores.store_id,
    coalesce(max(stores.name), stores.store_id) as name
from (
    select
        store_settings.store_id,
        store_settings.name
    from app.store_settings
    union all
    select
        %(store_id)s as store_id,
        null as name
) as stores
group by stores.store_id
order by stores.store_id
