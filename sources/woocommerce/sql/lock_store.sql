select
    pg_try_advisory_lock(hashtextextended('woocommerce ' || %(store_id)s, 0))
