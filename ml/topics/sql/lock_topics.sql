select pg_advisory_xact_lock(hashtext('topics of ' || %(store_id)s))
