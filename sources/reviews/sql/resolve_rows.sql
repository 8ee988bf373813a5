-- What an earlier import of a file set aside; this one judges its rows anew.
update raw.rejected
set resolved_at = now()
where
    rejected.source = 'review_files'
    and starts_with(rejected.id, %(prefix)s)
    and rejected.resolved_at is null
