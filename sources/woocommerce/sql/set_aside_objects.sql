-- What could not be stored of a shop, reviews included.
select
    substr(rejected.source, length('woocommerce_') + 1) as resource,
    substr(rejected.id, length(%(prefix)s) + 1) as name,
    rejected.reason,
    rejected.dismissal
from raw.rejected
where
    starts_with(rejected.source, 'woocommerce_')
    and starts_with(rejected.id, %(prefix)s)
    and rejected.resolved_at is null
order by
    resource,
    lpad(substr(rejected.id, length(%(prefix)s) + 1), 20, '0')
