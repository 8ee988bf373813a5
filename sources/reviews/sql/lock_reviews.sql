-- Two imports of one shop would give one version number twice.
select
    pg_advisory_xact_lock(
        hashtextextended('reviews of ' || %(store_id)s || ' ' || %(source)s, 0)
    )
