insert into app.store_options as store_options (
    store_id, is_bot_on, pause_seconds, asks_for_ratings,
    is_handed_over_in_doubt, updated_by
)
values (
    %(store_id)s, %(is_bot_on)s, %(pause_seconds)s, %(asks_for_ratings)s,
    %(is_handed_over_in_doubt)s, %(user_id)s
)
on conflict (store_id) do update set
    is_bot_on = excluded.is_bot_on,
    pause_seconds = excluded.pause_seconds,
    asks_for_ratings = excluded.asks_for_ratings,
    is_handed_over_in_doubt = excluded.is_handed_over_in_doubt,
    updated_by = excluded.updated_by,
    updated_at = now()
