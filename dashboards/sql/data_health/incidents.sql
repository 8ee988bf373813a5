select
    incidents.subject,
    incidents.kind,
    extract(
        epoch from coalesce(incidents.closed_at, now()) - incidents.opened_at
    ) as lasted,
    case when incidents.closed_at is null then 'open' else 'over' end as state
from marts.incidents
inner join marts.dim_stores on dim_stores.store_id = %(store)s
where
    coalesce(incidents.store_id, %(store)s) = %(store)s
    and (
        incidents.closed_at is null
        or (incidents.opened_at at time zone dim_stores.timezone)::date
        between %(from_day)s and %(to_day)s
    )
order by state asc, incidents.opened_at desc
limit 100
