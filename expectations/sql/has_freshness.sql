select to_regclass('marts.freshness') is not null as has_freshness
