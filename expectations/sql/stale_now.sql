-- What is stale, a row a source and shop; all marts are of one build, and so
-- are one row.
select
    'freshness' as kind,
    case freshness.kind when 'mart' then 'marts' else freshness.name end
        as subject,
    freshness.store_id,
    jsonb_build_object(
        'newest_at', min(freshness.newest_at),
        'expected_seconds', min(freshness.expected_seconds)
    ) as details
from marts.freshness
where freshness.status = 'stale'
group by
    case freshness.kind when 'mart' then 'marts' else freshness.name end,
    freshness.store_id
