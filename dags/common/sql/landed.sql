select
    count(*) as seen,
    coalesce(sum(extract(epoch from {changed_at})), 0) as seen_times,
    now() - %(overlap)s as next_since,
    count(*) filter (where {changed_at} > now() - %(overlap)s) as next_seen,
    coalesce(sum(extract(epoch from {changed_at})) filter (where {changed_at} > now() - %(overlap)s), 0) as next_times
from {table}
where {changed_at} > coalesce(%(since)s, now() - %(overlap)s)
