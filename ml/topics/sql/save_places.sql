insert into ml.topic_messages (
    store_id, kind, source, id, version, occurred_at, language, place, space_version,
    topic_id
)
values %s
on conflict (store_id, kind, source, id) do update set
    version = excluded.version,
    occurred_at = excluded.occurred_at,
    language = excluded.language,
    place = excluded.place,
    space_version = excluded.space_version,
    topic_id = case
        when excluded.place is not null
            then coalesce(excluded.topic_id, topic_messages.topic_id)
    end
