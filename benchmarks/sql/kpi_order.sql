-- The newest order is changed, as a sync would land it.
update raw.woocommerce_orders set
    status = case status when 'completed' then 'processing' else 'completed' end,
    changed_at = now()
where
    (woocommerce_orders.store_id, woocommerce_orders.id) = (
        select
            newest.store_id,
            newest.id
        from raw.woocommerce_orders as newest
        order by newest.created_at desc, newest.id desc
        limit 1
    )
