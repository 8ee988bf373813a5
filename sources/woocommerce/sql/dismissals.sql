select
    dismissals.subject,
    dismissals.period,
    dismissals.ours,
    dismissals.theirs,
    dismissals.reason
from quality.dismissals
where dismissals.store_id = %(store_id)s
