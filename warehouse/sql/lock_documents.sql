select pg_advisory_xact_lock(hashtext('documents'), hashtext(%(name)s))
