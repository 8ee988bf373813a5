select store_settings.timezone
from app.store_settings
where store_settings.store_id = %(store_id)s
