-- Accounts are no shop's: who changes them on any shop's page does so one after
-- the other, so that of two admins at once not both close the other.
select pg_advisory_xact_lock(hashtextextended('people', 0))
