select
    stores.store_id,
    stores.url,
    stores.consumer_key as key,
    stores.consumer_secret as secret,
    stores.webhook_secret,
    stores.timezone,
    stores.date_type,
    stores.excluded_statuses,
    stores.settings_read_at
from app.stores
where stores.store_id = %(store_id)s
