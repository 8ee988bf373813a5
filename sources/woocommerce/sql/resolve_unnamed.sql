-- Objects whose id cannot be read are named after the one listed before them.
update raw.rejected
set resolved_at = now()
where
    rejected.source = %(source)s
    and starts_with(rejected.id, %(prefix)s)
    and substr(rejected.id, length(%(prefix)s) + 1) ~ '^(after|place)-'
    and rejected.resolved_at is null
