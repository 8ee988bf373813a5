insert into app.rules (
    store_id, intent, position, patterns, answer_id, answer_en, action
)
values (
    %(store_id)s,
    %(intent)s,
    %(position)s,
    %(patterns)s,
    %(answer_id)s,
    %(answer_en)s,
    %(action)s
)
on conflict do nothing
