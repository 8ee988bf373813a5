-- Stale sources, one row per source and shop. All marts come from one build, so
-- they are one row.
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
