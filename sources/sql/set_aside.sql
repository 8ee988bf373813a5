insert into raw.rejected (source, id, payload, reason)
values %s
on conflict (source, id) do update
    set
        payload = excluded.payload,
        reason = excluded.reason,
        received_at = now()
    where
    (rejected.payload, rejected.reason)
    is distinct from (excluded.payload, excluded.reason)
