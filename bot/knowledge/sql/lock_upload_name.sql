-- Until the transaction ends, nobody else puts an upload of this name.
select
    pg_advisory_xact_lock(
        hashtextextended(%(store_id)s || ' ' || %(name)s, 0)
    )
