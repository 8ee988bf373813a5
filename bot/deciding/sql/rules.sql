select
    rules.rule_id,
    rules.intent,
    rules.patterns,
    rules.answer_id,
    rules.answer_en,
    rules.action,
    rules.is_active
from app.rules
where rules.store_id = %(store_id)s
order by rules.position, rules.rule_id
