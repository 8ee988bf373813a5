-- All shops, including the deployment's own.
select
    stores.store_id,
    coalesce(max(stores.name), stores.store_id) as name,
    max(stores.timezone) as timezone
from (
    select
        store_settings.store_id,
        store_settings.name,
        store_settings.timezone
    from app.store_settings
    union all
    select
        events_secrets.store_id,
        null as name,
        null as timezone
    from app.events_secrets
    union all
    select
        %(store_id)s as store_id,
        null as name,
        null as timezone
) as stores
group by stores.store_id
order by stores.store_id
