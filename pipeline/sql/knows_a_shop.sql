select
    exists (
        select 1
        from app.store_settings as stores
        where stores.connected_at is not null
    )
    or exists (select 1 from intermediate.int_store_orders)
    or exists (select 1 from marts.dim_customers)
    or exists (select 1 from marts.fct_button_clicks)
