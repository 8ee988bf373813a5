update raw.rejected
set resolved_at = now()
where
    rejected.source = %(source)s
    and rejected.id = any(%(ids)s)
    and rejected.resolved_at is null
