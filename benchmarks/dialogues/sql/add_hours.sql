insert into app.business_hours (store, weekday, opens, closes)
values (%(store_id)s, %(weekday)s, %(opens)s, %(closes)s)
