update app.rules set
    is_active = %(is_active)s,
    updated_by = %(user_id)s,
    updated_at = now()
where
    rules.store_id = %(store_id)s
    and rules.rule_id = %(rule_id)s
