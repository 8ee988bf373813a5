-- Opens an incident, or updates the open one. `lasts` is null if the next check
-- sees the problem again while it lasts.
insert into quality.incidents as incidents (
    kind, subject, store_id, details, lasts_until
)
values (
    %(kind)s, %(subject)s, %(store_id)s, %(details)s, now() + %(lasts)s
)
on conflict (kind, subject, store_id) where closed_at is null do update set
    details = excluded.details,
    lasts_until = excluded.lasts_until
