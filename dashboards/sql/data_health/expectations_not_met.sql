select
    validations.suite,
    reasons.reason ->> 'column' as checked_column,
    reasons.reason ->> 'expectation' as expectation,
    reasons.reason ->> 'severity' as severity,
    (reasons.reason ->> 'unexpected_count')::bigint as row_count
from marts.validations
cross join lateral jsonb_array_elements(validations.reasons)
    as reasons (reason)
where validations.is_latest
order by
    reasons.reason ->> 'severity',
    validations.suite,
    reasons.reason ->> 'expectation'
