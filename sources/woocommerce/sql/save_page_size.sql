update app.stores
set
    page_size = %(page_size)s,
    page_size_at = now()
where stores.store_id = %(store_id)s
