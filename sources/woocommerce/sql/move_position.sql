-- Moves forward only, unless the position belongs to an older list of fields.
insert into app.sync_positions (source, store_id, position, fields)
values (%(source)s, %(store_id)s, %(position)s, %(fields)s)
on conflict (source, store_id) do update
    set
        position = excluded.position,
        fields = excluded.fields,
        updated_at = now()
    where
        sync_positions.position < excluded.position
        or sync_positions.fields is distinct from excluded.fields
