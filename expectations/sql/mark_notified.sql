update quality.incidents as incidents set
    told = incidents.told || array[%(notifier)s]
where incidents.incident_id = any(%(incident_ids)s)
