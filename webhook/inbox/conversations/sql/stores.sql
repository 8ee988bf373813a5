select
    store_settings.store_id,
    coalesce(store_settings.name, store_settings.store_id) as name,
    store_settings.timezone
from app.store_settings
order by store_settings.store_id
