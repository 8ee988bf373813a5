select
    service_dimensions.term,
    service_dimensions.dimension
from app.service_dimensions
where
    service_dimensions.store_id = %(store_id)s
    and service_dimensions.kind = 'word'
order by service_dimensions.term
