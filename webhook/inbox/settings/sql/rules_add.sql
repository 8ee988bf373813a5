-- New rules are last.
insert into app.rules (
    store_id, intent, position, patterns, answer_id, answer_en, action,
    is_active, updated_by
)
values (
    %(store_id)s,
    %(intent)s,
    (
        select coalesce(max(rules.position) + 1, 0)
        from app.rules
        where rules.store_id = %(store_id)s
    ),
    %(patterns)s::text[],
    nullif(%(answer_id)s, ''),
    nullif(%(answer_en)s, ''),
    nullif(%(action)s, ''),
    %(is_active)s,
    %(user_id)s
)
