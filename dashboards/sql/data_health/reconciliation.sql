select
    reconciliations.subject,
    reconciliations.period,
    reconciliations.verdict,
    reconciliations.reason
from marts.reconciliations
where
    reconciliations.is_latest
    and reconciliations.store_id = %(store)s
    and reconciliations.verdict != 'pass'
order by reconciliations.verdict, reconciliations.subject, reconciliations.period
