-- Topics that were merged into this one follow it into another.
with followers as (
    update app.topic_settings set
        merged_into = %(merged_into)s,
        changed_at = now()
    where
        topic_settings.store_id = %(store_id)s
        and topic_settings.merged_into = %(topic_id)s
        and %(merged_into)s::bigint is not null
)

insert into app.topic_settings (
    store_id, topic_id, name, merged_into, is_muted
)
values (
    %(store_id)s, %(topic_id)s, %(name)s, %(merged_into)s, %(is_muted)s
)
on conflict (store_id, topic_id) do update set
    name = excluded.name,
    merged_into = excluded.merged_into,
    is_muted = excluded.is_muted,
    changed_at = now()
