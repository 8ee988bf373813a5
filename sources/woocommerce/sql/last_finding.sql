select
    reconciliations.ours,
    reconciliations.theirs
from quality.reconciliations
where
    reconciliations.store_id = %(store_id)s
    and reconciliations.subject = %(subject)s
    and reconciliations.period = %(period)s
order by reconciliations.reconciled_at desc
limit 1
