select
    coalesce((
        select store_settings.currency
        from app.store_settings
        where store_settings.store_id = %(store_id)s
    ), 'IDR') as currency
