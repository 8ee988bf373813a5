delete from app.cost_assumptions
where
    cost_assumptions.store_id = %(store_id)s
    and cost_assumptions.valid_from = %(valid_from)s
