update raw.rejected
set
    dismissed_at = now(),
    dismissal = %(reason)s
where
    rejected.source = %(source)s
    and rejected.id = any(%(ids)s)
    and rejected.resolved_at is null
returning rejected.id
