-- Who saves the same subject of a shop at the same time does so one after the
-- other.
select pg_advisory_xact_lock(hashtextextended(%(subject)s || ' ' || %(store_id)s, 0))
