delete from app.rules
where
    rules.store_id = %(store_id)s
    and rules.rule_id = %(rule_id)s
