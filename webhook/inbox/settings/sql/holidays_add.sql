insert into app.holidays (store, day)
select
    %(store_id)s as store,
    days.day::date as day
from generate_series(
    %(first)s::date, %(last)s::date, interval '1 day'
) as days (day)
on conflict (store, day) do nothing
