-- The findings of the latest reconciliation, with the figures that they have.
with latest as (
    select distinct on (reconciliations.store_id)
        reconciliations.store_id,
        reconciliations.run_id
    from quality.reconciliations
    where reconciliations.store_id = %(store_id)s
    order by
        reconciliations.store_id asc,
        reconciliations.reconciled_at desc,
        reconciliations.run_id desc
)

insert into quality.dismissals (
    store_id, subject, period, reason, ours, theirs
)
select
    reconciliations.store_id,
    reconciliations.subject,
    reconciliations.period,
    %(reason)s as reason,
    reconciliations.ours,
    reconciliations.theirs
from quality.reconciliations
where
    (reconciliations.store_id, reconciliations.run_id) in (
        select
            latest.store_id,
            latest.run_id
        from latest
    )
    and reconciliations.subject = %(subject)s
    and reconciliations.period = any(%(periods)s)
    and reconciliations.verdict <> 'pass'
on conflict (store_id, subject, period) do update
    set
        reason = excluded.reason,
        ours = excluded.ours,
        theirs = excluded.theirs,
        dismissed_at = now()
returning dismissals.period
