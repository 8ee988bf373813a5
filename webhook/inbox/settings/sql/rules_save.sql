update app.rules set
    intent = %(intent)s,
    patterns = %(patterns)s::text[],
    answer_id = nullif(%(answer_id)s, ''),
    answer_en = nullif(%(answer_en)s, ''),
    action = nullif(%(action)s, ''),
    is_active = %(is_active)s,
    updated_by = %(user_id)s,
    updated_at = now()
where
    rules.store_id = %(store_id)s
    and rules.rule_id = %(rule_id)s
