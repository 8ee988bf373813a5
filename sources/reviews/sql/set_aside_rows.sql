-- The same row of the same file is kept once, whoever imports it again.
insert into raw.rejected (source, id, payload, reason)
values %s
on conflict (source, id) do update
    set
        payload = excluded.payload,
        reason = excluded.reason,
        received_at = now(),
        attempts = rejected.attempts + 1,
        resolved_at = null
