select
    store_options.is_bot_on,
    store_options.pause_seconds::float8 as pause_seconds,
    store_options.asks_for_ratings,
    store_options.is_handed_over_in_doubt,
    store_options.updated_at,
    users.name as updated_by
from app.store_options
left join app.users on store_options.updated_by = users.user_id
where store_options.store_id = %(store_id)s
