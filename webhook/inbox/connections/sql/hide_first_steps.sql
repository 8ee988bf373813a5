insert into app.store_options as store_options (
    store_id, first_steps_hidden_at
)
values (%(store_id)s, now())
on conflict (store_id) do update set
    first_steps_hidden_at = excluded.first_steps_hidden_at
