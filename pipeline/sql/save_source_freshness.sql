insert into quality.source_freshness (
    checked_at, source, newest_at, age_seconds, status
)
values %s
