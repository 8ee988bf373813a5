select store_options.is_handed_over_in_doubt
from app.store_options
where store_options.store_id = %(store_id)s
