-- Closes what is open and neither seen now nor lasting. `seen` are the
-- incidents that were seen, as their keys.
update quality.incidents as incidents set closed_at = now()
where
    incidents.closed_at is null
    and case
        when incidents.lasts_until is null
            then
                incidents.kind = any(%(kinds)s)
                and not jsonb_build_array(
                    incidents.kind, incidents.subject, incidents.store_id
                ) = any((%(seen)s::jsonb[]))
        else incidents.lasts_until < now()
    end
returning incidents.incident_id, incidents.kind
