-- Open incidents that nobody was told of by the way `way`; locked, so that two
-- who look at once do not tell twice.
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
    and not incidents.told @> array[%(way)s]
order by incidents.incident_id
for update skip locked
