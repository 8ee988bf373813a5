update quality.incidents as incidents set
    told = incidents.told || array[%(way)s]
where incidents.incident_id = any(%(incident_ids)s)
