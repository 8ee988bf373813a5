select
    count(*) filter (where freshness.status in ('late', 'stale')) as value,
    count(*) filter (where freshness.status in ('late', 'stale')) as numerator,
    count(*) as denominator,
    true as is_final
from marts.freshness
where
    freshness.kind = 'source'
    and freshness.status != 'never'
    and coalesce(freshness.store_id, %(store)s) = %(store)s
