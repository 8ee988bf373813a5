-- The first of some names of a time zone that Postgres knows.
select zones.name
from unnest(%(timezones)s::text[]) with ordinality as given (name, place)
inner join pg_timezone_names as zones on given.name = zones.name
order by given.place
limit 1
