insert into ml.topic_runs (
    store_id, space_version, means, first_day, last_day, messages, seen_until
)
values (
    %(store_id)s, %(version)s, %(means)s, %(first_day)s, %(last_day)s,
    %(messages)s, %(as_of)s
)
on conflict (store_id) do update set
    space_version = excluded.space_version,
    means = excluded.means,
    first_day = excluded.first_day,
    last_day = excluded.last_day,
    messages = excluded.messages,
    seen_until = excluded.seen_until,
    discovered_at = now()
