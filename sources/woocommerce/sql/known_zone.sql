-- The first of some names of a time zone that Postgres knows. It knows all
-- offsets, which have no names (warehouse/zones.py).
select given.name
from unnest(%(timezones)s::text[]) with ordinality as given (name, place)
where
    starts_with(given.name, '<')
    or given.name in (
        select pg_timezone_names.name from pg_timezone_names
    )
order by given.place
limit 1
