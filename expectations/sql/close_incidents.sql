-- Closes open incidents that were not seen (`seen` holds the keys of those that
-- were) or whose time is over.
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
