select stores.store_id
from app.stores
where stores.connected_at is not null and stores.url is not null
order by stores.store_id
