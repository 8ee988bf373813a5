select substr(rejected.id, length(%(prefix)s) + 1) as number
from raw.rejected
where
    rejected.source = %(source)s
    and rejected.resolved_at is null
    and rejected.attempts <= %(attempts)s
    and starts_with(rejected.id, %(prefix)s)
    and substr(rejected.id, length(%(prefix)s) + 1) ~ '^[0-9]{1,18}$'
order by number
