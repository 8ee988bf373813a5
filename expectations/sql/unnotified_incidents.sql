-- Open incidents that `notifier` has not sent yet. Locked, so that concurrent
-- runs do not send them twice.
select
    incidents.incident_id,
    incidents.kind,
    incidents.subject,
    incidents.store_id,
    incidents.details,
    incidents.opened_at
from quality.incidents
where
    incidents.closed_at is null
    and not incidents.told @> array[%(notifier)s]
order by incidents.incident_id
for update skip locked
