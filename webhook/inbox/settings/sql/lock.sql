-- Serialises saving the same subject of a shop.
select pg_advisory_xact_lock(hashtextextended(%(subject)s || ' ' || %(store_id)s, 0))
