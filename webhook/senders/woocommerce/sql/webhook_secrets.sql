select
    stores.store_id,
    stores.webhook_secret
from app.stores
where stores.webhook_secret is not null
