-- All marts are of one build, and so are one row.
select
    case freshness.kind when 'mart' then 'marts' else freshness.name end
        as name,
    freshness.status,
    max(freshness.age_seconds) as age,
    min(freshness.expected_seconds) as expected
from marts.freshness
where
    coalesce(freshness.store_id, %(store)s) = %(store)s
    and (freshness.kind = 'source' or freshness.name = 'kpi_daily')
group by
    case freshness.kind when 'mart' then 'marts' else freshness.name end,
    freshness.status
order by
    array_position(
        array['stale', 'late', 'fresh', 'never'], freshness.status
    ),
    name
