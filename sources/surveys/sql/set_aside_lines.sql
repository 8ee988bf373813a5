insert into raw.survey_rejections as known (
    store_id, wave, file, line, kind, reason
)
values %s
on conflict (store_id, wave, file, line) do update
    set
        kind = excluded.kind,
        reason = excluded.reason,
        rejected_at = now()
    where (known.kind, known.reason) is distinct from (excluded.kind, excluded.reason)
