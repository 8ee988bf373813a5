insert into quality.reconciliations (
    run_id, store_id, subject, period, verdict, ours, theirs, reason
)
values (
    %(run_id)s, %(store_id)s, %(subject)s, %(period)s, %(verdict)s, %(ours)s,
    %(theirs)s, %(reason)s
)
