insert into app.stores (
    store_id, url, consumer_key, consumer_secret, webhook_secret, connected_at
)
values (
    %(store_id)s, %(url)s, %(consumer_key)s, %(consumer_secret)s,
    %(webhook_secret)s, now()
)
on conflict (store_id) do update
    set
        url = excluded.url,
        consumer_key = excluded.consumer_key,
        consumer_secret = excluded.consumer_secret,
        webhook_secret = excluded.webhook_secret,
        connected_at = coalesce(stores.connected_at, excluded.connected_at),
        disconnected_at = null,
        settings_read_at = null,
        page_size = null
