insert into app.sync_positions (source, store_id, position)
values (%(source)s, %(store_id)s, %(position)s)
on conflict (source, store_id) do update
    set position = excluded.position, updated_at = now()
    where sync_positions.position < excluded.position
