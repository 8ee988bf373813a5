update app.stores
set name = %(name)s
where stores.store_id = %(store_id)s
