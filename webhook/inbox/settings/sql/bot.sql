-- The shop's options, with defaults.
select
    coalesce(store_options.is_bot_on, true) as is_bot_on,
    coalesce(
        store_options.pause_seconds, app.default_pause_seconds()
    )::float8 as pause_seconds,
    coalesce(store_options.asks_for_ratings, true) as asks_for_ratings,
    coalesce(store_options.is_handed_over_in_doubt, true)
        as is_handed_over_in_doubt,
    store_options.updated_at,
    users.name as updated_by
from (select %(store_id)s::text as store_id) as asked
left join app.store_options on asked.store_id = store_options.store_id
left join app.users on store_options.updated_by = users.user_id
