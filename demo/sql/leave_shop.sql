-- The stand-in goes with the demo: nobody is to ask for it, its KPIs stay.
update app.stores set url = null
where stores.store_id = %(store)s
