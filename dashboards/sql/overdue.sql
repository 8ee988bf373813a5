-- What should be newer than it is, the most overdue first.
select
    freshness.name
from marts.freshness
where
    freshness.status in ('late', 'stale')
    and coalesce(freshness.store_id, %(store)s) = %(store)s
order by freshness.age_seconds / freshness.expected_seconds desc
