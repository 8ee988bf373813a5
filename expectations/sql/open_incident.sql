-- Opens an incident, or says of the one that is open how it stands. `lasts` is
-- null for what the next look will see again.
insert into quality.incidents as incidents (
    kind, subject, store_id, details, lasts_until
)
values (
    %(kind)s, %(subject)s, %(store_id)s, %(details)s, now() + %(lasts)s
)
on conflict (kind, subject, store_id) where closed_at is null do update set
    details = excluded.details,
    lasts_until = excluded.lasts_until
