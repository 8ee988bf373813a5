select
    count(*) as value,
    null as numerator,
    null as denominator,
    true as is_final
from marts.incidents
where
    incidents.closed_at is null
    and coalesce(incidents.store_id, %(store)s) = %(store)s
