insert into raw.rejected (source, id, payload, reason)
values (%(source)s, %(id)s, %(payload)s, %(reason)s)
on conflict (source, id) do update
    set
        payload = excluded.payload,
        reason = excluded.reason,
        received_at = now(),
        attempts
        = case when rejected.resolved_at is null then rejected.attempts else 0 end
        + 1,
        -- A dismissal was about the reason.
        dismissal = case
            when rejected.reason = excluded.reason then rejected.dismissal
        end,
        dismissed_at = case
            when rejected.reason = excluded.reason then rejected.dismissed_at
        end,
        resolved_at = null
