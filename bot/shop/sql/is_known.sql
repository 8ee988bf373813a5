select exists(
    select 1
    from app.store_settings
    where store_settings.store_id = %(store_id)s
) as is_known
