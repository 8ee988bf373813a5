select
    (source_freshness.checked_at at time zone dim_stores.timezone)::date
        as day,
    source_freshness.status as series,
    count(*) as value,
    true as is_final
from marts.source_freshness
inner join marts.dim_stores on dim_stores.store_id = %(store)s
where
    source_freshness.status != 'never'
    and (source_freshness.checked_at at time zone dim_stores.timezone)::date
    between %(from_day)s and %(to_day)s
group by
    (source_freshness.checked_at at time zone dim_stores.timezone)::date,
    source_freshness.status
order by day, series
