-- Serialises changes of accounts, which belong to no shop, so that two admins
-- cannot close each other's account at the same time.
select pg_advisory_xact_lock(hashtextextended('people', 0))
