delete from app.business_hours
where business_hours.store = %(store_id)s;

insert into app.business_hours (store, weekday, opens, closes)
select
    %(store_id)s as store,
    spans.weekday,
    spans.opens,
    spans.closes
from unnest(
    %(weekdays)s::smallint[], %(opens)s::time[], %(closes)s::time[]
) as spans (weekday, opens, closes)
